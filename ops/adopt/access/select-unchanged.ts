import { StackError } from "../../stacks";
import type { ResourceChange } from "../../stacks/changes";
import { isUnsetOrOff } from "../classify";
import type { AccountAccess } from "./account";
import { type AccessImport, type AccessSelection, selectAccess } from "./select";

export interface PreviewedSelection {
  readonly selection: AccessSelection;
  /** Changes that `up` would make to resources outside the selection. */
  readonly changes: readonly ResourceChange[];
}

/**
 * Selects the access rules that `up` would leave unchanged: previews the selection, and repeats without what it would
 * change.
 *
 * @param excluded ids that must not be imported, with the reason
 * @param preview returns the changes that `up` would make with a selection
 */
export async function selectUnchangedAccess(
  access: AccountAccess,
  identityProviderId: string,
  excluded: ReadonlyMap<string, string>,
  preview: (selection: AccessSelection) => Promise<readonly ResourceChange[]>,
): Promise<PreviewedSelection> {
  const selection = selectAccess(access, identityProviderId, excluded);
  const retryWithout = (reasons: readonly (readonly [AccessImport, string])[]) => {
    const more = new Map([...excluded, ...reasons.map(([{ id }, reason]) => [id, reason] as const)]);
    return selectUnchangedAccess(access, identityProviderId, more, preview);
  };
  let changes: readonly ResourceChange[];
  try {
    changes = await preview(selection);
  } catch (error) {
    if (!(error instanceof StackError) || selection.imports.length === 0) throw error;
    // Settings that the program refuses, for example because they would admit everybody.
    return retryWithout(
      selection.imports.map((part) => [part, `the settings for it are refused: ${error.causes.join(" ")}`]),
    );
  }
  const changed = selection.imports.flatMap((part) => {
    const paths = listChangedPaths(part, changes);
    return paths.length > 0 ? [[part, `up would change ${paths.join(", ")}`] as const] : [];
  });
  if (changed.length > 0) return retryWithout(changed);
  const names = new Set(selection.imports.map(({ key: [, name] }) => name));
  return { selection, changes: changes.filter(({ name }) => !names.has(name)) };
}

/** Lists of rules, whose order has no meaning and differs between settings and account. */
const RULE_LISTS = /^(includes|requires|excludes)\b/;

function listChangedPaths({ key: [, resource] }: AccessImport, changes: readonly ResourceChange[]): string[] {
  return changes
    .filter(({ op, name }) => name === resource && op !== "import")
    .flatMap(({ op, properties }) => (op === "update" ? properties : [{ path: `it (${op})` }]))
    .filter((change) => !RULE_LISTS.test(change.path) && !isUnsetOrOff(change))
    .map(({ path }) => path);
}
