import { findApplicationByAppId, findPrincipalByAppId } from "../../store/store";
import type { GraphCall } from "../call";
import { malformedRequest } from "../errors";
import { findStrength } from "./authentication-strengths";
import type { NewPolicy } from "./policy-body";

/** Checks what the schema of a policy cannot. The texts of these refusals are guesses. @throws GraphError 400 */
export function checkPolicy(call: GraphCall, policy: NewPolicy): void {
  checkTargets(call, policy.conditions);
  checkUsers(call, policy.conditions);
  checkLocations(call, policy.conditions);
  checkControls(policy);
}

const onlyIds = (ids: string[]) => ids.filter((id) => !["All", "None", "AllTrusted"].includes(id));
const isAlone = (ids: string[]) => ids.length === 1 || onlyIds(ids).length === ids.length;

function requireExisting(what: string, ids: string[], exists: (id: string) => unknown): void {
  const missing = onlyIds(ids).find((id) => !exists(id));
  if (missing) throw malformedRequest(`Policy contains invalid ${what}: ${missing}`);
}

/** Requires either applications or authentication contexts, which exist. */
function checkTargets({ tenant }: GraphCall, { applications }: NewPolicy["conditions"]): void {
  const { includeApplications, excludeApplications } = applications;
  const { includeAuthenticationContextClassReferences: contexts } = applications;
  if (includeApplications.length > 0 === contexts.length > 0)
    throw malformedRequest("Policy must include applications or authentication contexts, and not both.");
  if (!isAlone(includeApplications)) throw malformedRequest("'All' and 'None' must stand alone.");
  requireExisting(
    "applications",
    [...includeApplications, ...excludeApplications],
    (appId) => findApplicationByAppId(tenant, appId) ?? findPrincipalByAppId(tenant, appId),
  );
  requireExisting("authentication contexts", contexts, (id) => tenant.authenticationContexts.has(id));
}

/** Requires users or groups, which exist. */
function checkUsers({ tenant }: GraphCall, { users }: NewPolicy["conditions"]): void {
  if (users.includeUsers.length + users.includeGroups.length === 0)
    throw malformedRequest("Policy must include users or groups.");
  if (!isAlone(users.includeUsers)) throw malformedRequest("'All' and 'None' must stand alone.");
  requireExisting("users", [...users.includeUsers, ...users.excludeUsers], (id) => tenant.users.has(id));
  requireExisting("groups", [...users.includeGroups, ...users.excludeGroups], (id) => tenant.groups.has(id));
}

function checkLocations({ tenant }: GraphCall, { locations }: NewPolicy["conditions"]): void {
  const { includeLocations = [], excludeLocations = [] } = locations ?? {};
  requireExisting("locations", [...includeLocations, ...excludeLocations], (id) =>
    tenant.namedLocations.has(id),
  );
}

/**
 * Requires controls that can be combined: https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-grant,
 * https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths#limitations
 */
function checkControls({ grantControls, sessionControls }: NewPolicy): void {
  if (!grantControls) {
    if (!sessionControls) throw malformedRequest("Policy must have grant controls or session controls.");
    return;
  }
  const { builtInControls, authenticationStrength: strength } = grantControls;
  const count = builtInControls.length + (strength ? 1 : 0);
  if (count === 0) throw malformedRequest("Grant controls must have at least one control.");
  if (builtInControls.includes("block") && count > 1)
    throw malformedRequest("'block' must be the only grant control.");
  if (builtInControls.includes("mfa") && strength)
    throw malformedRequest("'mfa' must not be combined with an authentication strength.");
  if (strength && !findStrength(strength.id))
    throw malformedRequest(`Policy contains an invalid authentication strength: ${strength.id}`);
}
