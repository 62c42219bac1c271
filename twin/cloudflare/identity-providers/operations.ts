import { randomBytes, randomUUID } from "node:crypto";
import type { EntraProvider, IdentityProviderRecord, ScimConfig } from "../../store/cloudflare/account";
import { deleteProvisioned } from "../../store/cloudflare/provisioning";
import { hashSecret } from "../../store/secrets";
import { refuseInUse } from "../access/in-use";
import type { CloudflareCall, CloudflareOperation } from "../call";
import { createOperations, type ItemSettings } from "../collection";
import { invalidRequest, unknownObject } from "../errors";
import { type EntraBody, readIdentityProvider } from "./body";
import { toIdentityProviderWire } from "./wire";

const path = "/access/identity_providers";

const permission = "organization";

const operations = createOperations<IdentityProviderRecord>({
  path,
  permission,
  query: ["scim_enabled"],
  getItems: ({ identityProviders }) => identityProviders,
  createUnknownError: () => unknownObject("identity_provider"),
  readSettings,
  toWire: (account, provider) => toIdentityProviderWire(account, provider),
  refuseDeletion: (account, id) => refuseInUse(account, "identity_provider", id),
  afterDeletion: (account, { id }) => deleteProvisioned(account, id),
  isListed: ({ c }, provider) =>
    [undefined, String(provider.type === "azureAD" && provider.scim.enabled)].includes(
      c.req.query("scim_enabled"),
    ),
});

/**
 * Replaces the SCIM secret; the one before is refused from then on. Documentation names the address alone, so method and
 * answer are guesses.
 */
const refreshScimSecret: CloudflareOperation = {
  call: `POST ${path}/{id}/refresh_scim_secret`,
  permission,
  handle({ account, c }) {
    const provider = account.identityProviders.get(c.req.param("id") ?? "");
    if (!provider) throw unknownObject("identity_provider");
    if (provider.type !== "azureAD" || !provider.scim.enabled)
      throw invalidRequest("scim is not enabled for this identity provider");
    return { status: 200, result: toIdentityProviderWire(account, provider, createScimSecret(provider)) };
  },
};

/** https://developers.cloudflare.com/api/resources/zero_trust/subresources/identity_providers */
export const identityProviderOperations = operations
  .map((operation): CloudflareOperation => {
    if (operation.call === `GET ${path}`) return { ...operation, handle: checkFilter(operation) };
    return /^(POST|PUT) /.test(operation.call)
      ? { ...operation, handle: addScimSecret(operation) }
      : operation;
  })
  .concat(refreshScimSecret);

function checkFilter({ handle }: CloudflareOperation): CloudflareOperation["handle"] {
  return (call) => {
    if (![undefined, "true", "false"].includes(call.c.req.query("scim_enabled")))
      throw invalidRequest("scim_enabled must be true or false");
    return handle(call);
  };
}

/**
 * Creates the SCIM secret when SCIM is first enabled, and shows it in that answer alone. It is kept when SCIM is disabled.
 */
function addScimSecret({ handle }: CloudflareOperation): CloudflareOperation["handle"] {
  return async (call) => {
    const answer = await handle(call);
    const provider = call.account.identityProviders.get((answer.result as { id: string }).id);
    if (provider?.type !== "azureAD" || !provider.scim.enabled || provider.scim.secretHash) return answer;
    const secret = createScimSecret(provider);
    return { ...answer, result: toIdentityProviderWire(call.account, provider, secret) };
  };
}

function createScimSecret({ scim }: EntraProvider): string {
  const secret = `scim_${randomBytes(24).toString("hex")}`;
  scim.secretHash = hashSecret(secret);
  return secret;
}

/** Reads all settings; a body without `client_secret` keeps it, as in Cloudflare's own example of PUT. */
async function readSettings(
  call: CloudflareCall,
  stored?: IdentityProviderRecord,
): Promise<ItemSettings<IdentityProviderRecord>> {
  const body = await readIdentityProvider(call, stored);
  const { name, type } = body;
  const common = { name, type, version: stored?.version ?? randomUUID() };
  if (type === "onetimepin") return common;
  const before = stored?.type === "azureAD" ? stored : undefined;
  const { client_secret: clientSecret = before?.clientSecret, ...config } = body.config;
  if (clientSecret === undefined) throw invalidRequest("config.client_secret: required");
  const settings = { clientSecret, config, scim: buildScim(body, before?.scim.secretHash) };
  return { ...common, ...settings };
}

function buildScim({ scim_config: sent = {} }: EntraBody, hash: Buffer | undefined): ScimConfig {
  return {
    enabled: sent.enabled ?? false,
    identityUpdateBehavior: sent.identity_update_behavior ?? "no_action",
    userDeprovision: sent.user_deprovision ?? false,
    seatDeprovision: sent.seat_deprovision ?? false,
    ...(hash && { secretHash: hash }),
  };
}
