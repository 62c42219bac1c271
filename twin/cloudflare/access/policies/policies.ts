import { z } from "zod";
import type { AccessPolicy, Account, PolicyDecision, RuleLists } from "../../../store/cloudflare/account";
import { clearable, type Echo, validateBody } from "../../body";
import { type CloudflareCall, readJsonBody } from "../../call";
import { createOperations, type ItemSettings } from "../../collection";
import { cloudflareNotServed, invalidRequest, unknownObject } from "../../errors";
import { sessionDurationSchema } from "../duration";
import { refuseInUse } from "../in-use";
import { promptsSchema, readPrompts } from "./prompts";
import { readRules, rulesSchema } from "./rules";

const body = z.strictObject({
  name: z.string().min(1),
  decision: z.enum(["allow", "deny", "non_identity", "bypass"]),
  ...rulesSchema,
  session_duration: clearable(sessionDurationSchema),
  isolation_required: z.boolean().nullish(),
  ...promptsSchema,
});

const READ_ONLY = { "": ["id", "uid", "reusable", "app_count", "created_at", "updated_at"] };

/** Rule types about the user: the table "Access policy selectors" of Cloudflare's page on policies. */
const IDENTITY = ["email", "email_domain", "login_method", "auth_method", "auth_context", "azureAD"];

/** Reusable policies: https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/policies/ */
export const accessPolicyOperations = createOperations<AccessPolicy>({
  path: "/access/policies",
  permission: "applications",
  getItems: (account) => account.accessPolicies,
  createUnknownError: () => unknownObject("policy"),
  async readSettings(call, stored): Promise<ItemSettings<AccessPolicy>> {
    const echo = stored && { shown: toPolicyWire(call.account, stored), readOnly: READ_ONLY };
    return readPolicySettings(call, await readJsonBody(call), echo);
  },
  toWire: toPolicyWire,
  isItem: ({ isLegacy }) => !isLegacy,
  refuseDeletion: (account, id) => refuseInUse(account, "policy", id),
});

/** Reads the settings of a policy. @throws CloudflareError */
export function readPolicySettings(
  call: CloudflareCall,
  unchecked: unknown,
  echo?: Echo,
): ItemSettings<AccessPolicy> {
  const sent = validateBody(call, body, unchecked, echo);
  if (sent.isolation_required) {
    throw cloudflareNotServed(call.c.req, "isolation_required: true");
  }
  const rules = readRules(call, sent);
  checkSelectors(call, sent.decision, rules);
  return {
    name: sent.name,
    decision: sent.decision,
    ...rules,
    sessionDuration: sent.session_duration ?? null,
    prompts: readPrompts(call, sent),
  };
}

export function toPolicyWire(account: Account, policy: AccessPolicy): Record<string, unknown> {
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
    ...policy.prompts,
    reusable: !policy.isLegacy,
    ...(!policy.isLegacy && {
      app_count: applications.filter((application) => application.policies.some((used) => used.id === id))
        .length,
    }),
    created_at: policy.createdAt,
    updated_at: policy.updatedAt,
  };
}

/** https://developers.cloudflare.com/cloudflare-one/access-controls/policies/#selectors */
function checkSelectors(
  call: CloudflareCall,
  decision: PolicyDecision,
  { include, exclude, require }: RuleLists,
): void {
  const types = [...include, ...exclude, ...require].flatMap((rule) => Object.keys(rule));
  const identity = types.find((type) => IDENTITY.includes(type));
  if (identity && decision === "bypass") throw invalidRequest(`bypass does not support ${identity}`);
  if (identity && decision === "non_identity") {
    throw cloudflareNotServed(call.c.req, `${identity} in a policy of decision non_identity`);
  }
  const service = types.find((type) => ["any_valid_service_token", "service_token"].includes(type));
  if (service && ["allow", "deny"].includes(decision)) {
    throw invalidRequest(`${service} requires the decision non_identity`);
  }
}
