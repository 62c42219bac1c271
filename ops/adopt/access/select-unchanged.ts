import { StackError } from "../../stacks";
import type { ResourceChange } from "../../stacks/changes";
import { isUnsetOrOff } from "../classify";
import type { AccountAccess } from "./account";
import { type AccessImport, type AccessSelection, selectAccess } from "./select";

export interface PreviewedSelection {
  readonly take: AccessSelection;
  /** What an `up` would do, but for the resources that are taken along. */
  readonly changes: readonly ResourceChange[];
}

/**
 * Takes along, of what an account has, just what the engine would leave as it is: it is asked again without what it
 * would change.
 *
 * @param refused why something is not to be taken over, by id
 * @param preview what the engine would do with such settings and imports
 */
export async function selectUnchangedAccess(
  access: AccountAccess,
  identityProviderId: string,
  refused: ReadonlyMap<string, string>,
  preview: (take: AccessSelection) => Promise<readonly ResourceChange[]>,
): Promise<PreviewedSelection> {
  const take = selectAccess(access, identityProviderId, refused);
  const without = (reasons: readonly (readonly [AccessImport, string])[]) => {
    const more = new Map([...refused, ...reasons.map(([{ id }, reason]) => [id, reason] as const)]);
    return selectUnchangedAccess(access, identityProviderId, more, preview);
  };
  let changes: readonly ResourceChange[];
  try {
    changes = await preview(take);
  } catch (error) {
    if (!(error instanceof StackError) || take.taken.length === 0) throw error;
    // Settings that would open a door, say, which somebody did by hand.
    return without(take.taken.map((part) => [part, `refused as settings: ${error.causes.join(" ")}`]));
  }
  const changed = take.taken.flatMap((part) => {
    const paths = differences(part, changes);
    return paths.length > 0 ? [[part, `an up would change ${paths.join(", ")}`] as const] : [];
  });
  if (changed.length > 0) return without(changed);
  const names = new Set(take.taken.map(({ key: [, name] }) => name));
  return { take, changes: changes.filter(({ name }) => !names.has(name)) };
}

/** The settings have the same rules, in an order of their own, which means nothing. */
const RULES = /^(includes|requires|excludes)\b/;

function differences({ key: [, resource] }: AccessImport, changes: readonly ResourceChange[]): string[] {
  return changes
    .filter(({ op, name }) => name === resource && op !== "import")
    .flatMap(({ op, properties }) => (op === "update" ? properties : [{ path: `it (${op})` }]))
    .filter((change) => !RULES.test(change.path) && !isUnsetOrOff(change))
    .map(({ path }) => path);
}
