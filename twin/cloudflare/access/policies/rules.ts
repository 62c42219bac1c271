import { z } from "zod";
import type { RawAccessRule, RuleLists } from "../../../store/cloudflare/account";
import type { CloudflareCall } from "../../call";
import { cidrSchema } from "../../cidr";
import { cloudflareNotServed, invalidRequest } from "../../errors";
import { listReferences } from "../in-use";

const id = z.string().min(1);
const nothing = z.strictObject({});

/**
 * The rule types that the twin stores, with their settings:
 * https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/groups/
 *
 * Other types refer to objects that the twin does not have: lists, device posture, other identity providers.
 */
const TYPES: Record<string, z.ZodType> = {
  any_valid_service_token: nothing,
  auth_context: z.strictObject({ id, ac_id: id, identity_provider_id: id }),
  auth_method: z.strictObject({ auth_method: id }),
  azureAD: z.strictObject({ id, identity_provider_id: id }),
  certificate: nothing,
  common_name: z.strictObject({ common_name: id }),
  email: z.strictObject({ email: z.email({ pattern: z.regexes.html5Email }) }),
  email_domain: z.strictObject({ domain: z.string().regex(/^[^@\s]+\.[^@\s]+$/, "must be a domain") }),
  everyone: nothing,
  geo: z.strictObject({
    country_code: z.string().regex(/^[A-Z][A-Z0-9]$/, "must be a country code of two characters"),
  }),
  group: z.strictObject({ id }),
  ip: z.strictObject({ ip: cidrSchema }),
  login_method: z.strictObject({ id }),
  service_token: z.strictObject({ token_id: id }),
};

const list = z.array(z.record(z.string(), z.unknown()));

/** The members of groups and policies that hold rules; at least one rule must be included. */
export const rulesSchema = {
  include: list.min(1),
  exclude: list.nullish(),
  require: list.nullish(),
};

/**
 * Reads the rules of a body, which must have known types and refer to existing objects.
 *
 * @throws CloudflareError 400, or 501 for rule types that the twin does not store
 */
export function readRules(call: CloudflareCall, body: z.output<z.ZodObject<typeof rulesSchema>>): RuleLists {
  const read = (list: keyof RuleLists) => (body[list] ?? []).map((rule) => readRule(call, list, rule));
  return { include: read("include"), exclude: read("exclude"), require: read("require") };
}

function readRule(call: CloudflareCall, list: keyof RuleLists, rule: Record<string, unknown>): RawAccessRule {
  const [type, second] = Object.keys(rule);
  const wrong = (why: string) => invalidRequest(`invalid '${list}' configuration: ${why}`);
  if (type === undefined) throw wrong("a rule without a type");
  if (second !== undefined)
    throw cloudflareNotServed(call.c.req, `a rule of the types ${type} and ${second}`);
  const settings = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (!settings) throw cloudflareNotServed(call.c.req, `rule type ${type}`);
  const result = settings.safeParse(rule[type]);
  if (!result.success) {
    const [issue] = result.error.issues;
    if (issue?.code === "unrecognized_keys")
      throw cloudflareNotServed(call.c.req, `field ${type}.${issue.keys[0]}`);
    throw wrong(`${[type, ...(issue?.path ?? [])].join(".")}: ${issue?.message}`);
  }
  const stored = { [type]: result.data } as RawAccessRule;
  const alone = { include: [stored], exclude: [], require: [] };
  for (const group of listReferences(alone, "group")) {
    if (!call.account.accessGroups.has(group)) throw wrong("group not found");
  }
  for (const provider of listReferences(alone, "identity_provider")) {
    if (!call.account.identityProviders.has(provider)) throw wrong("identity provider not found");
  }
  for (const token of listReferences(alone, "service_token")) {
    if (!call.account.serviceTokens.has(token)) throw wrong("service token not found");
  }
  return stored;
}
