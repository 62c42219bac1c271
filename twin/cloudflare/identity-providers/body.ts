import { z } from "zod";
import type { IdentityProviderRecord } from "../../store/cloudflare/account";
import { clearable, validateBody } from "../body";
import { type CloudflareCall, readJsonBody } from "../call";
import { cloudflareNotServed, invalidRequest } from "../errors";
import { MASK, toIdentityProviderWire } from "./wire";

/** Types of Access that the twin does not serve: developers.cloudflare.com/api, identity_providers, `type`. */
const OTHER_TYPES = [
  "saml",
  "centrify",
  "cloudflare",
  "facebook",
  "github",
  "google-apps",
  "google",
  "linkedin",
  "oidc",
  "okta",
  "onelogin",
  "pingone",
  "yandex",
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
 * Reads and validates the body of POST and PUT.
 *
 * @param stored the identity provider that PUT replaces
 * @throws CloudflareError 400 for what Access refuses, 501 for what the twin does not serve
 */
export async function readIdentityProvider(
  call: CloudflareCall,
  stored?: IdentityProviderRecord,
): Promise<IdentityProviderBody> {
  const sent = await readJsonBody(call);
  const type = typeof sent === "object" && sent !== null && "type" in sent ? sent.type : undefined;
  if (stored && type !== stored.type) throw invalidRequest("type cannot be changed");
  if (OTHER_TYPES.includes(String(type)))
    throw cloudflareNotServed(call.c.req, `identity provider type ${type}`);
  const echo = stored && { shown: toIdentityProviderWire(call.account, stored), readOnly: READ_ONLY };
  if (type === "onetimepin") {
    if (!stored) refuseSecondPin(call);
    return validateBody(call, pinBody, sent, echo);
  }
  const read = validateBody(call, entraBody, sent, echo);
  // It is not documented if Access would store the mask as the secret.
  if (read.config.client_secret === MASK)
    throw cloudflareNotServed(call.c.req, "the mask as config.client_secret");
  return read;
}

/** Refuses a second one-time PIN provider, because Cloudflare does not document its effect. */
function refuseSecondPin({ account, c }: CloudflareCall): void {
  const first = [...account.identityProviders.values()].find(({ type }) => type === "onetimepin");
  if (first) throw cloudflareNotServed(c.req, `a second onetimepin beside ${first.id}`);
}

/** Fields that only Access sets. */
const READ_ONLY = {
  "": ["id", "uid", "version", "created_at", "updated_at"],
  config: ["redirect_url"],
  scim_config: ["scim_base_url", "secret"],
};
