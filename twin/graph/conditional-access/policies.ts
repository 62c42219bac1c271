import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { ConditionalAccessPolicy } from "../../store/entra/conditional-access";
import { formatTimestamp } from "../../store/store";
import { findByPath, type GraphCall, type GraphOperation, readBody, type WireObject } from "../call";
import { resourceNotFound } from "../errors";
import { formatCollection, formatEntity, PAGING_OPTIONS } from "../query";
import { findStrength } from "./authentication-strengths";
import { conditionalAccessRules, newPolicySchema } from "./policy-body";
import { checkPolicy } from "./policy-checks";

const TYPE = "identity/conditionalAccess/policies";

/**
 * Operations on Conditional Access policies, which twin/entra/conditional-access/ applies at sign-in.
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
      return formatCollection(call, TYPE, wires, { isPaged: true });
    },
  },
  { call: "POST /identity/conditionalAccess/policies", handle: createPolicy },
  {
    call: "GET /identity/conditionalAccess/policies/{id}",
    query: ["$select"],
    handle: (call) => formatEntity(call, TYPE, toConditionalAccessWire(findPolicy(call))),
  },
  { call: "PATCH /identity/conditionalAccess/policies/{id}", handle: changePolicy },
  {
    call: "DELETE /identity/conditionalAccess/policies/{id}",
    handle(call) {
      call.tenant.conditionalAccessPolicies.delete(findPolicy(call).id);
      return null;
    },
  },
];

const findPolicy = (call: GraphCall) =>
  findByPath(call, call.tenant.conditionalAccessPolicies, resourceNotFound("Policy"));

async function createPolicy(call: GraphCall) {
  const { "@odata.type": _type, ...settings } = await readBody(call, newPolicySchema, conditionalAccessRules);
  checkPolicy(call, settings);
  const policy: ConditionalAccessPolicy = {
    ...settings,
    id: randomUUID(),
    createdDateTime: formatTimestamp(call.store.now()),
    modifiedDateTime: null,
  };
  call.tenant.conditionalAccessPolicies.set(policy.id, policy);
  return formatEntity(call, TYPE, toConditionalAccessWire(policy));
}

/** Replaces the sent properties, and merges conditions, and validates the result like a new policy. */
async function changePolicy(call: GraphCall) {
  const policy = findPolicy(call);
  const { id: _id, createdDateTime: _created, modifiedDateTime: _modified, ...before } = policy;
  const schema = z
    .record(z.string(), z.unknown())
    .transform(
      ({ conditions = {}, ...sent }): Record<string, unknown> => ({
        ...before,
        ...sent,
        conditions: isObject(conditions) ? merge(before.conditions, conditions) : conditions,
      }),
    )
    .pipe(newPolicySchema);
  const { "@odata.type": _type, ...settings } = await readBody(call, schema, conditionalAccessRules);
  checkPolicy(call, settings);
  Object.assign(policy, settings, { modifiedDateTime: formatTimestamp(call.store.now()) });
  return null;
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

/** https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy */
export function toConditionalAccessWire({
  conditions,
  grantControls,
  sessionControls,
  ...shown
}: ConditionalAccessPolicy): WireObject {
  return {
    ...shown,
    templateId: null,
    deletedDateTime: null,
    grantControls: grantControls && {
      ...grantControls,
      authenticationStrength: findStrength(grantControls.authenticationStrength?.id) ?? null,
    },
    sessionControls: sessionControls && {
      applicationEnforcedRestrictions: null,
      cloudAppSecurity: null,
      persistentBrowser: null,
      disableResilienceDefaults: null,
      ...sessionControls,
    },
    conditions: {
      ...conditions,
      insiderRiskLevels: null,
      clients: null,
      times: null,
      deviceStates: null,
      clientApplications: null,
      applications: {
        ...conditions.applications,
        applicationFilter: null,
        networkAccess: null,
        globalSecureAccess: null,
      },
    },
  };
}
