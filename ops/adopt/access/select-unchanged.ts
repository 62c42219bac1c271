import type { AccountAccess } from "../../clients/account-access";
import { type ConfigValues, StackError } from "../../stacks";
import type { ResourceChange } from "../../stacks/run/changes";
import type { AssignedGroups } from "../assignments";
import { isUnsetOrOff } from "../classify";
import { findInheritedDuration } from "./policy";
import { describeRefusal, findRefusedImport, findRefusedSettings, type RefusedSetting } from "./refusals";
import { type AccessSelection, selectAccess } from "./select";
import type { AccessImport } from "./selector";

export interface PreviewedSelection {
  readonly selection: AccessSelection;
  /** Changes that `up` would make to resources outside the selection. */
  readonly changes: readonly ResourceChange[];
  /** Settings outside the selection that the program refuses; then there was no preview. */
  readonly refused: readonly RefusedSetting[];
}

export interface SelectionTrial {
  /** Builds the stack's settings with a selection, by full key. */
  readonly settings: (selection: AccessSelection) => ConfigValues;
  /** The Entra groups that are assigned to the application; undefined if everybody may sign in. */
  readonly assigned?: AssignedGroups | undefined;
  /** Returns the changes that `up` would make with a selection. */
  readonly preview: (selection: AccessSelection) => Promise<readonly ResourceChange[]>;
}

/** Parts that must not be imported: their ids with the reason. */
type Exclusions = ReadonlyMap<string, string>;

/**
 * Selects the access rules that `up` would leave unchanged. Decides part by part: leaves out what the program refuses,
 * then what a preview fails at or would change, each with its own reason, and tries again without.
 */
export async function selectUnchangedAccess(
  access: AccountAccess,
  identityProviderId: string,
  excluded: Exclusions,
  trial: SelectionTrial,
): Promise<PreviewedSelection> {
  const select = (exclusions: Exclusions) =>
    selectAccess(access, identityProviderId, exclusions, trial.assigned);
  const selection = select(excluded);
  const retryWithout = (reasons: readonly (readonly [AccessImport, string])[]) => {
    const more = new Map([...excluded, ...reasons.map(([{ id }, reason]) => [id, reason] as const)]);
    return selectUnchangedAccess(access, identityProviderId, more, trial);
  };
  const refused = findRefusedSettings(trial.settings(selection));
  const refusedParts = refused.flatMap((setting) => {
    const part = findRefusedImport(setting, selection.imports, selection.created);
    return part ? [[part, describeRefusal(setting)] as const] : [];
  });
  if (refusedParts.length > 0) return retryWithout(refusedParts);
  if (refused.length > 0) return { selection, changes: [], refused };

  let changes: readonly ResourceChange[];
  try {
    changes = await trial.preview(selection);
  } catch (error) {
    if (!(error instanceof StackError) || selection.imports.length === 0) throw error;
    const tryFirst = (count: number) => {
      const others = selection.imports.slice(count).map(({ id }) => [id, "not tried yet"] as const);
      return trial.preview(select(new Map([...excluded, ...others])));
    };
    const [part, { causes }] = await findFailing(selection.imports, tryFirst, error);
    return retryWithout([[part, `up would fail: ${causes.join(" ")}`]]);
  }
  const changed = selection.imports.flatMap((part) => {
    const paths = listChangedPaths(part, changes, access);
    return paths.length > 0 ? [[part, `up would change ${paths.join(", ")}`] as const] : [];
  });
  if (changed.length > 0) return retryWithout(changed);
  const names = new Set([...selection.imports, ...selection.created].map(({ key: [, name] }) => name));
  return { selection, changes: changes.filter(({ name }) => !names.has(name)), refused };
}

/**
 * Finds the first part with which a preview fails, by halves: nothing refers to a later part, so those before it succeed.
 *
 * @param tryFirst previews that many of the parts
 * @param failure with all of them
 * @throws the error of a preview without any part
 */
async function findFailing(
  parts: readonly AccessImport[],
  tryFirst: (count: number) => Promise<unknown>,
  failure: StackError,
): Promise<[AccessImport, StackError]> {
  await tryFirst(0);
  let [succeeding, failing, error] = [0, parts.length, failure];
  while (failing - succeeding > 1) {
    const middle = Math.floor((succeeding + failing) / 2);
    try {
      await tryFirst(middle);
      succeeding = middle;
    } catch (cause) {
      if (!(cause instanceof StackError)) throw cause;
      [failing, error] = [middle, cause];
    }
  }
  return [parts[failing - 1] as AccessImport, error];
}

/** Lists of rules, whose order has no meaning and differs between settings and account. */
const RULE_LISTS = /^(includes|requires|excludes)\b/;

function listChangedPaths(
  { id, key: [, resource] }: AccessImport,
  changes: readonly ResourceChange[],
  access: AccountAccess,
): string[] {
  return changes
    .filter(({ op, name }) => name === resource && op !== "import")
    .flatMap(({ op, properties }) => (op === "update" ? properties : [{ path: `it (${op})` }]))
    .filter((change) => !RULE_LISTS.test(change.path) && !isUnsetOrOff(change))
    .filter(
      ({ path, to }) =>
        path !== "sessionDuration" || to !== JSON.stringify(findInheritedDuration(id, access)),
    )
    .map(({ path }) => path);
}
