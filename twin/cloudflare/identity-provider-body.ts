import { z } from "zod";
import type { IdentityProvider } from "../stored";
import { type Call, jsonBody } from "./call";
import { invalidRequest, notServed } from "./errors";
import { identityProviderWire } from "./identity-provider-wire";

/** Types that Access knows and the twin does not: developers.cloudflare.com/api, identity_providers, `type`. */
const OTHER_TYPES = [
  ...[
    "onetimepin",
    "saml",
    "centrify",
    "cloudflare",
    "facebook",
    "github",
    "google-apps",
    "google",
    "linkedin",
  ],
  ...["oidc", "okta", "onelogin", "pingone", "yandex"],
];

/** Null stands for "none": so the provider takes back what a program no longer sets. */
function clearable<T extends z.ZodType>(setting: T) {
  return setting.nullable().transform((value) => value ?? undefined);
}

const config = z
  .strictObject({
    client_id: z.string().min(1),
    client_secret: z.string().min(1),
    directory_id: z.string().min(1),
    support_groups: z.boolean(),
    conditional_access_enabled: z.boolean(),
    pkce_enabled: z.boolean(),
    prompt: clearable(z.enum(["login", "select_account", "none"])),
    claims: clearable(z.array(z.string().min(1))),
    email_claim_name: clearable(z.string().min(1)),
  })
  .partial()
  .required({ client_id: true, directory_id: true });

const scim = z
  .strictObject({
    enabled: z.boolean(),
    identity_update_behavior: z.enum(["automatic", "reauth", "no_action"]),
    user_deprovision: z.boolean(),
    seat_deprovision: z.boolean(),
  })
  .partial()
  .refine((s) => !s.seat_deprovision || s.user_deprovision, {
    error: "seat_deprovision requires user_deprovision",
  });

const body = z.strictObject({
  name: z.string().min(1),
  type: z.literal("azureAD"),
  config,
  scim_config: scim.optional(),
});

export type IdentityProviderBody = z.infer<typeof body>;

/**
 * Reads and checks the body of POST and PUT.
 *
 * @param stored the identity provider that PUT replaces: a caller may send back what a GET showed
 * @throws CloudflareError 400 for what Access refuses, 501 for what the twin cannot judge
 */
export async function readIdentityProvider(
  call: Call,
  stored?: IdentityProvider,
): Promise<IdentityProviderBody> {
  const sent = await jsonBody(call);
  const { method, path } = call.c.req;
  const type = typeof sent === "object" && sent !== null && "type" in sent ? sent.type : undefined;
  if (stored && type !== "azureAD") throw invalidRequest("type cannot be changed");
  if (OTHER_TYPES.includes(String(type))) throw notServed(method, path, `identity provider type ${type}`);
  const known = stored ? withoutEchoes(call, sent, identityProviderWire(call.account, stored)) : sent;
  const result = body.safeParse(known);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    if (issue.code === "unrecognized_keys") {
      // Whether Access ignores or refuses what it does not know is not documented.
      throw notServed(method, path, `field ${[...issue.path, issue.keys[0]].join(".")}`);
    }
  }
  const [first] = result.error.issues;
  throw invalidRequest(`${first?.path.join(".")}: ${first?.message}`);
}

/** Fields that only Access sets; Cloudflare's own PUT example sends them back unchanged, which is harmless. */
const READ_ONLY: Record<string, string[]> = {
  "": ["id", "uid", "version", "created_at", "updated_at"],
  config: ["redirect_url"],
  scim_config: ["scim_base_url", "secret"],
};

function withoutEchoes(call: Call, sent: unknown, shown: Record<string, unknown>): unknown {
  const strip = (value: unknown, was: unknown, section: string): unknown => {
    if (!isObject(value) || !isObject(was)) return value;
    const kept = { ...value };
    for (const name of READ_ONLY[section] ?? []) {
      if (!(name in kept)) continue;
      if (kept[name] !== was[name]) {
        throw notServed(call.c.req.method, call.c.req.path, `a new value for ${section}.${name}`);
      }
      delete kept[name];
    }
    return kept;
  };
  const top = strip(sent, shown, "");
  if (!isObject(top)) return top;
  for (const section of ["config", "scim_config"]) {
    if (section in top) top[section] = strip(top[section], shown[section], section);
  }
  return top;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
