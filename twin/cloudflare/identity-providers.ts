import { randomBytes, randomUUID } from "node:crypto";
import type { IdentityProviderRecord, ScimConfig } from "../store/account";
import { formatTimestamp, secretHash } from "../store/store";
import { refuseInUse } from "./access/in-use";
import type { CloudflareOperation } from "./call";
import { type CloudflareCall, type CloudflareResponse, paginate } from "./call";
import { invalidRequest, unknownObject } from "./errors";
import { type EntraBody, type IdentityProviderBody, readIdentityProvider } from "./identity-provider-body";
import { toIdentityProviderWire } from "./identity-provider-wire";

/** https://developers.cloudflare.com/api/resources/zero_trust/subresources/identity_providers */
export const identityProviderOperations: CloudflareOperation[] = [
  {
    call: "GET /access/identity_providers",
    permission: "organization",
    query: ["page", "per_page", "scim_enabled"],
    handle: listProviders,
  },
  { call: "POST /access/identity_providers", permission: "organization", handle: createProvider },
  {
    call: "GET /access/identity_providers/{id}",
    permission: "organization",
    handle: (call) => ({ status: 200, result: toIdentityProviderWire(call.account, findProvider(call)) }),
  },
  {
    call: "PUT /access/identity_providers/{id}",
    permission: "organization",
    handle: replaceProvider,
  },
  {
    call: "DELETE /access/identity_providers/{id}",
    permission: "organization",
    handle(call) {
      const { id } = findProvider(call);
      refuseInUse(call.account, "identity_provider", id);
      call.account.identityProviders.delete(id);
      return { status: 202, result: { id } };
    },
  },
];

function findProvider(call: CloudflareCall): IdentityProviderRecord {
  const provider = call.account.identityProviders.get(call.c.req.param("id") ?? "");
  if (!provider) throw unknownObject("identity_provider");
  return provider;
}

function listProviders(call: CloudflareCall): CloudflareResponse {
  const filter = call.c.req.query("scim_enabled");
  if (filter !== undefined && !["true", "false"].includes(filter)) {
    throw invalidRequest("scim_enabled must be true or false");
  }
  const all = [...call.account.identityProviders.values()].filter(
    (provider) => filter === undefined || String(hasScim(provider)) === filter,
  );
  const { items, info } = paginate(call, all);
  return {
    status: 200,
    result: items.map((provider) => toIdentityProviderWire(call.account, provider)),
    resultInfo: info,
  };
}

function hasScim(provider: IdentityProviderRecord): boolean {
  return provider.type === "azureAD" && provider.scim.enabled;
}

async function createProvider(call: CloudflareCall): Promise<CloudflareResponse> {
  const body = await readIdentityProvider(call);
  const now = formatTimestamp(call.store.now());
  const common = {
    id: randomUUID(),
    name: body.name,
    version: randomUUID(),
    createdAt: now,
    updatedAt: now,
  };
  const { settings, secret } = collectSettings(body);
  const provider = { ...common, ...settings } as IdentityProviderRecord;
  call.account.identityProviders.set(provider.id, provider);
  return { status: 201, result: toIdentityProviderWire(call.account, provider, secret) };
}

/** Replaces all settings; a body without `client_secret` keeps it, as in Cloudflare's own example of PUT. */
async function replaceProvider(call: CloudflareCall): Promise<CloudflareResponse> {
  const stored = findProvider(call);
  const body = await readIdentityProvider(call, stored);
  const { settings, secret } = collectSettings(body, stored);
  Object.assign(stored, { name: body.name, updatedAt: formatTimestamp(call.store.now()), ...settings });
  return { status: 200, result: toIdentityProviderWire(call.account, stored, secret) };
}

/** Collects the settings of the type, with the SCIM secret if it was just created. */
function collectSettings(
  body: IdentityProviderBody,
  stored?: IdentityProviderRecord,
): { settings: object; secret?: string } {
  const { type } = body;
  if (type === "onetimepin") return { settings: { type } };
  const before = stored?.type === "azureAD" ? stored : undefined;
  const { client_secret: clientSecret = before?.clientSecret, ...config } = body.config;
  if (clientSecret === undefined) throw invalidRequest("config.client_secret: required");
  const { scim, secret } = buildScim(body, before?.scim.secretHash);
  return { settings: { type, clientSecret, config, scim }, ...(secret === undefined ? {} : { secret }) };
}

/** Builds the SCIM settings. The secret is created when SCIM is first enabled, and kept when it is disabled. */
function buildScim(body: EntraBody, secretHashed?: Buffer): { scim: ScimConfig; secret?: string } {
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
