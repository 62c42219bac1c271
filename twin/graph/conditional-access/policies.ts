import { randomUUID } from "node:crypto";
import { z } from "zod";
import { applicationByAppId, servicePrincipalByAppId, wholeSeconds } from "../../store/store";
import type { ConditionalAccessPolicy } from "../../store/tenant";
import { type Call, type Operation, readBody } from "../call";
import { GraphError, malformed } from "../errors";
import { collection, entity, find, PAGED, type Wire } from "../query";
import { type NewPolicy, newPolicy, policyRules } from "./policy-body";

const TYPE = "identity/conditionalAccess/policies";

/**
 * Conditional Access policies. They are kept and shown; sign-in does not follow them.
 *
 * Sources: https://learn.microsoft.com/graph/api/conditionalaccessroot-list-policies, `conditionalaccesspolicy-get`,
 * `conditionalaccessroot-post-policies`, `conditionalaccesspolicy-update` and `conditionalaccesspolicy-delete`.
 */
export const policyOperations: Operation[] = [
  {
    call: "GET /identity/conditionalAccess/policies",
    query: PAGED,
    handle(call) {
      const wires = [...call.tenant.conditionalAccessPolicies.values()].map(policyWire);
      return { status: 200, body: collection(call, TYPE, wires, { paged: true }) };
    },
  },
  { call: "POST /identity/conditionalAccess/policies", handle: create },
  {
    call: "GET /identity/conditionalAccess/policies/{id}",
    query: ["$select"],
    handle: (call) => ({ status: 200, body: entity(call, TYPE, policyWire(policyAt(call))) }),
  },
  { call: "PATCH /identity/conditionalAccess/policies/{id}", handle: change },
  {
    call: "DELETE /identity/conditionalAccess/policies/{id}",
    handle(call) {
      call.tenant.conditionalAccessPolicies.delete(policyAt(call).id);
      return { status: 204 };
    },
  },
];

function policyAt(call: Call): ConditionalAccessPolicy {
  const missing = (id: string) => new GraphError(404, "ResourceNotFound", `Policy ${id} not found`);
  return find(call, call.tenant.conditionalAccessPolicies, missing);
}

async function create(call: Call) {
  const { "@odata.type": _type, ...settings } = await readBody(call, newPolicy, policyRules);
  checkObjects(call, settings.conditions);
  const policy: ConditionalAccessPolicy = {
    ...settings,
    id: randomUUID(),
    createdDateTime: wholeSeconds(call.store.now()),
    modifiedDateTime: null,
  };
  call.tenant.conditionalAccessPolicies.set(policy.id, policy);
  return { status: 201 as const, body: entity(call, TYPE, policyWire(policy)) };
}

/** What is not sent stays, down to the single condition, and the outcome has to be a policy that could be made. */
async function change(call: Call) {
  const policy = policyAt(call);
  const { id: _id, createdDateTime: _created, modifiedDateTime: _modified, ...before } = policy;
  const schema = z
    .record(z.string(), z.unknown())
    .transform((sent) => merged(before, sent))
    .pipe(newPolicy);
  const { "@odata.type": _type, ...settings } = await readBody(call, schema, policyRules);
  checkObjects(call, settings.conditions);
  Object.assign(policy, settings, { modifiedDateTime: wholeSeconds(call.store.now()) });
  return { status: 204 as const };
}

function merged(before: object, sent: object): Record<string, unknown> {
  const result: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(sent)) {
    const old = result[name];
    result[name] = isObject(old) && isObject(value) ? merged(old, value) : value;
  }
  return result;
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Applications, users and groups have to be there, and a policy says whom and what it is for. */
function checkObjects(call: Call, { applications, users }: NewPolicy["conditions"]): void {
  const { tenant } = call;
  const named = (ids: string[]) => ids.filter((id) => id !== "All" && id !== "None");
  const alone = (ids: string[]) => ids.length === 1 || named(ids).length === ids.length;
  const check = (what: string, ids: string[], isThere: (id: string) => unknown) => {
    const missing = named(ids).find((id) => !isThere(id));
    if (missing) throw malformed(`Policy contains invalid ${what}: ${missing}`);
  };
  const { includeApplications, excludeApplications } = applications;
  if (includeApplications.length === 0) throw malformed("Policy must include applications.");
  if (users.includeUsers.length + users.includeGroups.length === 0) {
    throw malformed("Policy must include users or groups.");
  }
  if (!alone(includeApplications) || !alone(users.includeUsers)) {
    throw malformed("'All' and 'None' must stand alone.");
  }
  check(
    "applications",
    [...includeApplications, ...excludeApplications],
    (appId) => applicationByAppId(tenant, appId) ?? servicePrincipalByAppId(tenant, appId),
  );
  check("users", [...users.includeUsers, ...users.excludeUsers], (id) => tenant.users.has(id));
  check("groups", [...users.includeGroups, ...users.excludeGroups], (id) => tenant.groups.has(id));
}

/** https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy */
export function policyWire({ conditions, grantControls, ...shown }: ConditionalAccessPolicy): Wire {
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
