import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { ConditionalAccessPolicy } from "../../store/conditional-access";
import { findApplicationByAppId, findPrincipalByAppId, formatTimestamp } from "../../store/store";
import { type GraphCall, type GraphOperation, readBody, type WireObject } from "../call";
import { GraphError, malformedRequest } from "../errors";
import { findByPath, formatCollection, formatEntity, PAGING_OPTIONS } from "../query";
import { conditionalAccessRules, type NewPolicy, newPolicySchema } from "./policy-body";

const TYPE = "identity/conditionalAccess/policies";

/**
 * Operations on Conditional Access policies, which are stored but not applied at sign-in.
 *
 * Sources: https://learn.microsoft.com/graph/api/conditionalaccessroot-list-policies, `conditionalaccesspolicy-get`,
 * `conditionalaccessroot-post-policies`, `conditionalaccesspolicy-update` and `conditionalaccesspolicy-delete`.
 */
export const conditionalAccessOperations: GraphOperation[] = [
  {
    call: "GET /identity/conditionalAccess/policies",
    query: PAGING_OPTIONS,
    handle(call) {
      const wires = [...call.tenant.conditionalAccessPolicies.values()].map(toConditionalAccessWire);
      return { status: 200, body: formatCollection(call, TYPE, wires, { isPaged: true }) };
    },
  },
  { call: "POST /identity/conditionalAccess/policies", handle: createPolicy },
  {
    call: "GET /identity/conditionalAccess/policies/{id}",
    query: ["$select"],
    handle: (call) => ({
      status: 200,
      body: formatEntity(call, TYPE, toConditionalAccessWire(findPolicy(call))),
    }),
  },
  { call: "PATCH /identity/conditionalAccess/policies/{id}", handle: changePolicy },
  {
    call: "DELETE /identity/conditionalAccess/policies/{id}",
    handle(call) {
      call.tenant.conditionalAccessPolicies.delete(findPolicy(call).id);
      return { status: 204 };
    },
  },
];

function findPolicy(call: GraphCall): ConditionalAccessPolicy {
  const missing = (id: string) => new GraphError(404, "ResourceNotFound", `Policy ${id} not found`);
  return findByPath(call, call.tenant.conditionalAccessPolicies, missing);
}

async function createPolicy(call: GraphCall) {
  const { "@odata.type": _type, ...settings } = await readBody(call, newPolicySchema, conditionalAccessRules);
  checkObjects(call, settings.conditions);
  const policy: ConditionalAccessPolicy = {
    ...settings,
    id: randomUUID(),
    createdDateTime: formatTimestamp(call.store.now()),
    modifiedDateTime: null,
  };
  call.tenant.conditionalAccessPolicies.set(policy.id, policy);
  return { status: 201 as const, body: formatEntity(call, TYPE, toConditionalAccessWire(policy)) };
}

/** Merges the sent properties, down to single conditions, and validates the result like a new policy. */
async function changePolicy(call: GraphCall) {
  const policy = findPolicy(call);
  const { id: _id, createdDateTime: _created, modifiedDateTime: _modified, ...before } = policy;
  const schema = z
    .record(z.string(), z.unknown())
    .transform((sent) => merge(before, sent))
    .pipe(newPolicySchema);
  const { "@odata.type": _type, ...settings } = await readBody(call, schema, conditionalAccessRules);
  checkObjects(call, settings.conditions);
  Object.assign(policy, settings, { modifiedDateTime: formatTimestamp(call.store.now()) });
  return { status: 204 as const };
}

function merge(before: object, sent: object): Record<string, unknown> {
  const result: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(sent)) {
    const old = result[name];
    result[name] = isObject(old) && isObject(value) ? merge(old, value) : value;
  }
  return result;
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Requires that applications, users and groups exist, and that the policy includes some. */
function checkObjects(call: GraphCall, { applications, users }: NewPolicy["conditions"]): void {
  const { tenant } = call;
  const onlyIds = (ids: string[]) => ids.filter((id) => id !== "All" && id !== "None");
  const isAlone = (ids: string[]) => ids.length === 1 || onlyIds(ids).length === ids.length;
  const check = (what: string, ids: string[], exists: (id: string) => unknown) => {
    const missing = onlyIds(ids).find((id) => !exists(id));
    if (missing) throw malformedRequest(`Policy contains invalid ${what}: ${missing}`);
  };
  const { includeApplications, excludeApplications } = applications;
  if (includeApplications.length === 0) throw malformedRequest("Policy must include applications.");
  if (users.includeUsers.length + users.includeGroups.length === 0) {
    throw malformedRequest("Policy must include users or groups.");
  }
  if (!isAlone(includeApplications) || !isAlone(users.includeUsers)) {
    throw malformedRequest("'All' and 'None' must stand alone.");
  }
  check(
    "applications",
    [...includeApplications, ...excludeApplications],
    (appId) => findApplicationByAppId(tenant, appId) ?? findPrincipalByAppId(tenant, appId),
  );
  check("users", [...users.includeUsers, ...users.excludeUsers], (id) => tenant.users.has(id));
  check("groups", [...users.includeGroups, ...users.excludeGroups], (id) => tenant.groups.has(id));
}

/** https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy */
export function toConditionalAccessWire({
  conditions,
  grantControls,
  ...shown
}: ConditionalAccessPolicy): WireObject {
  return {
    ...shown,
    templateId: null,
    deletedDateTime: null,
    grantControls: { ...grantControls, authenticationStrength: null },
    conditions: {
      ...conditions,
      insiderRiskLevels: null,
      clients: null,
      times: null,
      deviceStates: null,
      clientApplications: null,
      applications: {
        ...conditions.applications,
        includeAuthenticationContextClassReferences: [],
        applicationFilter: null,
        networkAccess: null,
        globalSecureAccess: null,
      },
    },
  };
}
