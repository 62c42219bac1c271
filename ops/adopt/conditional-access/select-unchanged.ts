import { describeRefusal, findRefusedImport } from "../access/refusals";
import type { PreviewedSelection } from "../access/select-unchanged";
import { isUnsetOrOff } from "../classify";
import type { TenantConditionalAccess } from "./read";
import { type ConditionalAccessSelection, selectConditionalAccess } from "./select";

/**
 * Selects the Conditional Access that `up` would leave unchanged, part by part as the access rules, and the access rules
 * with it.
 *
 * @param trial selects the access rules with a selection of Conditional Access, and previews both
 */
export async function selectUnchangedConditionalAccess(
  found: TenantConditionalAccess,
  clientId: string,
  excluded: ReadonlyMap<string, string>,
  trial: (selection: ConditionalAccessSelection) => Promise<PreviewedSelection>,
): Promise<{ conditionalAccess: ConditionalAccessSelection; previewed: PreviewedSelection }> {
  const conditionalAccess = selectConditionalAccess(found, clientId, excluded);
  const previewed = await trial(conditionalAccess);
  const reasons = new Map<string, string>();
  for (const setting of previewed.refused) {
    const part = findRefusedImport(setting, conditionalAccess.imports);
    if (part) reasons.set(part.id, describeRefusal(setting));
  }
  for (const { id, key } of conditionalAccess.imports) {
    const changed = previewed.changes.filter(({ op, name }) => op !== "import" && name === key[1]);
    const paths = changed.flatMap(({ op, properties }) =>
      op === "update"
        ? properties.filter((one) => !isUnsetOrOff(one)).map(({ path }) => path)
        : [`it (${op})`],
    );
    if (paths.length > 0) reasons.set(id, `up would change ${paths.join(", ")}`);
  }
  if (reasons.size > 0)
    return selectUnchangedConditionalAccess(found, clientId, new Map([...excluded, ...reasons]), trial);
  const names = new Set(conditionalAccess.imports.map(({ key: [, name] }) => name));
  const changes = previewed.changes.filter(({ name }) => !names.has(name));
  return { conditionalAccess, previewed: { ...previewed, changes } };
}
