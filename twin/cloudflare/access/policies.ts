import { z } from "zod";
import type { AccessPolicy, AccessRules, Account, Decision } from "../../store/account";
import { checkedBody, clearable } from "../body";
import { type Call, jsonBody } from "../call";
import { operationsOf, type Settings } from "../collection";
import { invalidRequest, notServed, unknown } from "../errors";
import { duration } from "./duration";
import { refuseInUse } from "./in-use";
import { asksSchema, readAsks } from "./policy-asks";
import { readRules, rulesSchema } from "./rules";

const body = z.strictObject({
  name: z.string().min(1),
  decision: z.enum(["allow", "deny", "non_identity", "bypass"]),
  ...rulesSchema,
  session_duration: clearable(duration),
  isolation_required: z.boolean().nullish(),
  ...asksSchema,
});

const READ_ONLY = { "": ["id", "uid", "reusable", "app_count", "created_at", "updated_at"] };

/** Rule types that ask who somebody is: the table "Access policy selectors" of Cloudflare's page on policies. */
const IDENTITY = ["email", "email_domain", "login_method", "auth_method", "auth_context", "azureAD"];

/** Reusable policies: https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/policies/ */
export const policyOperations = operationsOf<AccessPolicy>({
  path: "/access/policies",
  permission: "applications",
  of: (account) => account.accessPolicies,
  unknown: () => unknown("policy"),
  async read(call, stored): Promise<Settings<AccessPolicy>> {
    const echo = stored && { shown: policyWire(call.account, stored), readOnly: READ_ONLY };
    const sent = checkedBody(call, body, await jsonBody(call), echo);
    if (sent.isolation_required) {
      throw notServed(call.c.req.method, call.c.req.path, "isolation_required: true");
    }
    const rules = readRules(call, sent);
    checkSelectors(call, sent.decision, rules);
    return {
      name: sent.name,
      decision: sent.decision,
      ...rules,
      sessionDuration: sent.session_duration ?? null,
      asks: readAsks(call, sent),
    };
  },
  wire: policyWire,
  mayGo: (account, id) => refuseInUse(account, "policy", id),
});

export function policyWire(account: Account, policy: AccessPolicy): Record<string, unknown> {
  const { id, name, decision, include, exclude, require } = policy;
  const applications = [...account.accessApplications.values()];
  return {
    id,
    uid: id,
    name,
    decision,
    include,
    exclude,
    require,
    session_duration: policy.sessionDuration,
    isolation_required: false,
    ...policy.asks,
    reusable: true,
    app_count: applications.filter((application) => application.policies.some((used) => used.id === id))
      .length,
    created_at: policy.createdAt,
    updated_at: policy.updatedAt,
  };
}

/** https://developers.cloudflare.com/cloudflare-one/access-controls/policies/#selectors */
function checkSelectors(call: Call, decision: Decision, { include, exclude, require }: AccessRules): void {
  const types = [...include, ...exclude, ...require].flatMap((rule) => Object.keys(rule));
  const identity = types.find((type) => IDENTITY.includes(type));
  if (identity && decision === "bypass") throw invalidRequest(`bypass does not support ${identity}`);
  if (identity && decision === "non_identity") {
    throw notServed(call.c.req.method, call.c.req.path, `${identity} in a policy of decision non_identity`);
  }
  const service = types.find((type) => ["any_valid_service_token", "service_token"].includes(type));
  if (service && ["allow", "deny"].includes(decision)) {
    throw invalidRequest(`${service} requires the decision non_identity`);
  }
}
