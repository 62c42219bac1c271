import { randomBytes, randomUUID } from "node:crypto";
import type { IdentityProvider, ScimConfig } from "../store/account";
import { secretHash, wholeSeconds } from "../store/store";
import { refuseInUse } from "./access/in-use";
import type { Operation } from "./call";
import { type Answer, type Call, page } from "./call";
import { invalidRequest, unknown } from "./errors";
import { type EntraBody, type IdentityProviderBody, readIdentityProvider } from "./identity-provider-body";
import { identityProviderWire } from "./identity-provider-wire";

/** https://developers.cloudflare.com/api/resources/zero_trust/subresources/identity_providers */
export const identityProviderOperations: Operation[] = [
  {
    method: "GET",
    permission: "organization",
    path: "/access/identity_providers",
    query: ["page", "per_page", "scim_enabled"],
    handle: list,
  },
  { method: "POST", permission: "organization", path: "/access/identity_providers", handle: create },
  {
    method: "GET",
    permission: "organization",
    path: "/access/identity_providers/:id",
    handle: (call) => ({ status: 200, result: identityProviderWire(call.account, find(call)) }),
  },
  { method: "PUT", permission: "organization", path: "/access/identity_providers/:id", handle: replace },
  {
    method: "DELETE",
    permission: "organization",
    path: "/access/identity_providers/:id",
    handle(call) {
      const { id } = find(call);
      refuseInUse(call.account, "identity_provider", id);
      call.account.identityProviders.delete(id);
      return { status: 202, result: { id } };
    },
  },
];

function find(call: Call): IdentityProvider {
  const found = call.account.identityProviders.get(call.c.req.param("id") ?? "");
  if (!found) throw unknown("identity_provider");
  return found;
}

function list(call: Call): Answer {
  const filter = call.c.req.query("scim_enabled");
  if (filter !== undefined && !["true", "false"].includes(filter)) {
    throw invalidRequest("scim_enabled must be true or false");
  }
  const all = [...call.account.identityProviders.values()].filter(
    (provider) => filter === undefined || String(hasScim(provider)) === filter,
  );
  const { items, info } = page(call, all);
  return {
    status: 200,
    result: items.map((provider) => identityProviderWire(call.account, provider)),
    resultInfo: info,
  };
}

function hasScim(provider: IdentityProvider): boolean {
  return provider.type === "azureAD" && provider.scim.enabled;
}

async function create(call: Call): Promise<Answer> {
  const body = await readIdentityProvider(call);
  const now = wholeSeconds(call.store.now());
  const common = {
    id: randomUUID(),
    name: body.name,
    version: randomUUID(),
    createdAt: now,
    updatedAt: now,
  };
  const { settings, secret } = settingsOf(body);
  const provider = { ...common, ...settings } as IdentityProvider;
  call.account.identityProviders.set(provider.id, provider);
  return { status: 201, result: identityProviderWire(call.account, provider, secret) };
}

/** Replaces every setting. A body without `client_secret` keeps it, as Cloudflare's own example of PUT has it. */
async function replace(call: Call): Promise<Answer> {
  const stored = find(call);
  const body = await readIdentityProvider(call, stored);
  const { settings, secret } = settingsOf(body, stored);
  Object.assign(stored, { name: body.name, updatedAt: wholeSeconds(call.store.now()), ...settings });
  return { status: 200, result: identityProviderWire(call.account, stored, secret) };
}

/** What the type has settings for, and the SCIM secret if it was made just now. */
function settingsOf(
  body: IdentityProviderBody,
  stored?: IdentityProvider,
): { settings: object; secret?: string } {
  const { type } = body;
  if (type === "onetimepin") return { settings: { type } };
  const before = stored?.type === "azureAD" ? stored : undefined;
  const { client_secret: clientSecret = before?.clientSecret, ...config } = body.config;
  if (clientSecret === undefined) throw invalidRequest("config.client_secret: required");
  const { scim, secret } = scimOf(body, before?.scim.secretHash);
  return { settings: { type, clientSecret, config, scim }, ...(secret === undefined ? {} : { secret }) };
}

/** Makes the SCIM secret when SCIM is first enabled; it outlives being switched off. */
function scimOf(body: EntraBody, secretHashed?: Buffer): { scim: ScimConfig; secret?: string } {
  const sent = body.scim_config ?? {};
  const scim: ScimConfig = {
    enabled: sent.enabled ?? false,
    identityUpdateBehavior: sent.identity_update_behavior ?? "no_action",
    userDeprovision: sent.user_deprovision ?? false,
    seatDeprovision: sent.seat_deprovision ?? false,
  };
  if (secretHashed) return { scim: { ...scim, secretHash: secretHashed } };
  if (!scim.enabled) return { scim };
  const secret = `scim_${randomBytes(24).toString("hex")}`;
  return { scim: { ...scim, secretHash: secretHash(secret) }, secret };
}
