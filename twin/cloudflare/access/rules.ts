import { z } from "zod";
import type { AccessRule, AccessRules } from "../../store/account";
import type { Call } from "../call";
import { isRange } from "../cidr";
import { invalidRequest, notServed } from "../errors";
import { referred } from "./in-use";

const id = z.string().min(1);
const nothing = z.strictObject({});

/**
 * The rule types that are kept, with their settings:
 * https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/groups/
 *
 * Others refer to what the twin does not have: lists, device posture, other identity providers.
 */
const TYPES: Record<string, z.ZodType> = {
  any_valid_service_token: nothing,
  auth_context: z.strictObject({ id, ac_id: id, identity_provider_id: id }),
  auth_method: z.strictObject({ auth_method: id }),
  azureAD: z.strictObject({ id, identity_provider_id: id }),
  certificate: nothing,
  common_name: z.strictObject({ common_name: id }),
  email: z.strictObject({ email: z.email() }),
  email_domain: z.strictObject({ domain: z.string().regex(/^[^@\s]+\.[^@\s]+$/, "want a domain") }),
  everyone: nothing,
  geo: z.strictObject({ country_code: z.string().regex(/^[A-Z][A-Z0-9]$/, "want a code of two letters") }),
  group: z.strictObject({ id }),
  ip: z.strictObject({ ip: z.string().refine(isRange, "want an address or a range such as 192.0.2.0/24") }),
  login_method: z.strictObject({ id }),
  service_token: z.strictObject({ token_id: id }),
};

const list = z.array(z.record(z.string(), z.unknown()));

/** The members of a group and of a policy that hold rules; there has to be one to include. */
export const rulesSchema = {
  include: list.min(1),
  exclude: list.nullish(),
  require: list.nullish(),
};

/**
 * The rules of a body, found to be of known types and to refer to what is there.
 *
 * @throws CloudflareError 400, or 501 for rule types that the twin does not keep
 */
export function readRules(call: Call, body: z.output<z.ZodObject<typeof rulesSchema>>): AccessRules {
  const read = (list: keyof AccessRules) => (body[list] ?? []).map((rule) => readRule(call, list, rule));
  return { include: read("include"), exclude: read("exclude"), require: read("require") };
}

function readRule(call: Call, list: keyof AccessRules, rule: Record<string, unknown>): AccessRule {
  const { method, path } = call.c.req;
  const [type, second] = Object.keys(rule);
  const wrong = (why: string) => invalidRequest(`invalid '${list}' configuration: ${why}`);
  if (type === undefined) throw wrong("a rule without a type");
  if (second !== undefined) throw notServed(method, path, `a rule of the types ${type} and ${second}`);
  const settings = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (!settings) throw notServed(method, path, `rule type ${type}`);
  const result = settings.safeParse(rule[type]);
  if (!result.success) {
    const [issue] = result.error.issues;
    if (issue?.code === "unrecognized_keys") throw notServed(method, path, `field ${type}.${issue.keys[0]}`);
    throw wrong(`${[type, ...(issue?.path ?? [])].join(".")}: ${issue?.message}`);
  }
  const kept = { [type]: result.data } as AccessRule;
  const alone = { include: [kept], exclude: [], require: [] };
  for (const group of referred(alone, "group")) {
    if (!call.account.accessGroups.has(group)) throw wrong("group not found");
  }
  for (const provider of referred(alone, "identity_provider")) {
    if (!call.account.identityProviders.has(provider)) throw wrong("identity provider not found");
  }
  for (const token of referred(alone, "service_token")) {
    if (!call.account.serviceTokens.has(token)) throw wrong("service token not found");
  }
  return kept;
}
