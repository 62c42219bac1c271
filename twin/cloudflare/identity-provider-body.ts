import { z } from "zod";
import type { IdentityProvider } from "../store/account";
import { checkedBody, clearable } from "./body";
import { type Call, jsonBody } from "./call";
import { invalidRequest, notServed } from "./errors";
import { identityProviderWire, MASK } from "./identity-provider-wire";

/** Types that Access knows and the twin does not: developers.cloudflare.com/api, identity_providers, `type`. */
const OTHER_TYPES = [
  ...["saml", "centrify", "cloudflare", "facebook", "github", "google-apps", "google", "linkedin"],
  ...["oidc", "okta", "onelogin", "pingone", "yandex"],
];

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

const entraBody = z.strictObject({
  name: z.string().min(1),
  type: z.literal("azureAD"),
  config,
  scim_config: scim.optional(),
});

/** https://developers.cloudflare.com/cloudflare-one/integrations/identity-providers/one-time-pin/ */
const pinBody = z.strictObject({
  name: z.string().min(1),
  type: z.literal("onetimepin"),
  config: z.strictObject({}),
  scim_config: z
    .looseObject({})
    .refine((settings) => Object.keys(settings).length === 0, "not supported by onetimepin")
    .optional(),
});

export type EntraBody = z.infer<typeof entraBody>;
export type IdentityProviderBody = EntraBody | z.infer<typeof pinBody>;

/**
 * Reads and checks the body of POST and PUT.
 *
 * @param stored the identity provider that PUT replaces
 * @throws CloudflareError 400 for what Access refuses, 501 for what the twin cannot judge
 */
export async function readIdentityProvider(
  call: Call,
  stored?: IdentityProvider,
): Promise<IdentityProviderBody> {
  const sent = await jsonBody(call);
  const { method, path } = call.c.req;
  const type = typeof sent === "object" && sent !== null && "type" in sent ? sent.type : undefined;
  if (stored && type !== stored.type) throw invalidRequest("type cannot be changed");
  if (OTHER_TYPES.includes(String(type))) throw notServed(method, path, `identity provider type ${type}`);
  const echo = stored && { shown: identityProviderWire(call.account, stored), readOnly: READ_ONLY };
  if (type === "onetimepin") {
    if (!stored) refuseSecond(call);
    return checkedBody(call, pinBody, sent, echo);
  }
  const read = checkedBody(call, entraBody, sent, echo);
  // Whether Access would take it for the secret is not documented.
  if (read.config.client_secret === MASK) throw notServed(method, path, "the mask as config.client_secret");
  return read;
}

/** Whether Access takes a second one, which would send the same mail, is not documented. */
function refuseSecond({ account, c }: Call): void {
  const first = [...account.identityProviders.values()].find(({ type }) => type === "onetimepin");
  if (first) throw notServed(c.req.method, c.req.path, `a second onetimepin beside ${first.id}`);
}

/** Fields that only Access sets. */
const READ_ONLY = {
  "": ["id", "uid", "version", "created_at", "updated_at"],
  config: ["redirect_url"],
  scim_config: ["scim_base_url", "secret"],
};
