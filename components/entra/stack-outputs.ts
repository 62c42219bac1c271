import { OWN_IDENTITY_PROVIDER } from "../../config/access/rules";
import type { Identifiers } from "../../config/values/identifiers";
import { mapValues } from "../map-values";
import type { EntraSignIn } from "./sign-in";

/**
 * Builds the stack's outputs, which docs/config.md documents.
 *
 * @param signIns by the name of the identity provider
 * @param entraGroups the groups that access rules name and the stack does not create
 * @param identifiers by which the next update recognizes objects whose keys are renamed
 */
export function buildStackOutputs(
  signIns: Readonly<Record<string, EntraSignIn>>,
  entraGroups: Readonly<Record<string, ReadonlyMap<string, unknown>>>,
  identifiers: Identifiers,
) {
  const { [OWN_IDENTITY_PROVIDER]: own, ...others } = signIns;
  // Apart from the others, because a secret makes the whole output one.
  const scim = Object.entries(signIns).flatMap(([name, { scim }]) => (scim ? [[name, scim] as const] : []));
  return {
    ...own?.outputs,
    ...buildEntraGroupsOutput(entraGroups),
    ...(Object.keys(identifiers).length > 0 && { identifiers }),
    ...(scim.length > 0 && { scim: Object.fromEntries(scim) }),
    ...(Object.keys(others).length > 0 && {
      identityProviders: mapValues(others, ({ outputs }) => outputs),
    }),
  };
}

/** Builds the output `entraGroups`, from which the next update takes the ids of groups that it cannot find. */
function buildEntraGroupsOutput(entraGroups: Readonly<Record<string, ReadonlyMap<string, unknown>>>) {
  const found = Object.entries(entraGroups).filter(([, groups]) => groups.size > 0);
  if (found.length === 0) return {};
  return {
    entraGroups: Object.fromEntries(found.map(([name, groups]) => [name, Object.fromEntries(groups)])),
  };
}
