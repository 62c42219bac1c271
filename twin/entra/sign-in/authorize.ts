import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { TwinEnv } from "../../http/requests";
import type { AppRegistration, EntraTenant } from "../../store/entra/tenant";
import { findApplicationByAppId, type Store } from "../../store/store";
import { ANY_TENANT, findClient, findTenant, requireEnabled, type TenantClient } from "../clients";
import { EntraNotServed, SignInError } from "../errors";
import { readParameters, refuseUnknownParameters, requireParameter } from "../parameters";
import { type ProviderReply, requestProvider } from "../provider/in-process";
import type { TenantSignIn } from "../provider/provider";
import {
  ADDRESS_HEADER,
  ADMIN_CONSENT,
  decodeConsentScope,
  RESPONSE_MODE,
  toProviderScope,
} from "../provider/provider-parameters";
import { validateClaims } from "./claims";
import { validateClaimsRequest } from "./claims-request";
import { renderSignInError } from "./pages";
import { type ReplyTarget, replyGranted, replyRefused, translateAuthorizationError } from "./reply";
import { type GraphPermissions, resolveScopes } from "./scopes";

/** The services that the endpoints of interactive sign-in share. */
export interface SignInService {
  store: Store;
  permissions: GraphPermissions;
  getSignIn(tenant: EntraTenant): TenantSignIn;
}

/** Parameters that are forwarded to oidc-provider; then those that are validated here, and those without effect. */
const FORWARDED = ["code_challenge", "code_challenge_method", "login_hint", "nonce", "prompt", "state"];
const VALIDATED = ["claims", "client_id", "redirect_uri", "response_mode", "response_type", "scope"];
const IGNORED = ["client_info", "domain_hint", "haschrome", "lc", "mkt", "ui_locales"];

/**
 * Serves `/{tenant}/oauth2/v2.0/authorize`: validates a request as Entra does and forwards it to oidc-provider.
 *
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
export async function handleAuthorize(c: Context<TwinEnv>, service: SignInService): Promise<Response> {
  const { store } = service;
  const given = await readParameters(c);
  const tenantName = c.req.param("tenant") ?? "";
  const clientId = requireParameter(given, "client_id");
  if (ANY_TENANT.includes(tenantName)) refuseAnyTenant(store, tenantName, clientId);
  const tenant = findTenant(store, tenantName);
  const client = findClient(tenant, clientId);
  const { application } = client;
  c.set("caller", application.displayName);
  requireEnabled(client);
  const replyTo: ReplyTarget = {
    redirectUri: resolveRedirectUri(application, given.get("redirect_uri")),
    responseMode: requireOneOf("response_mode", given.get("response_mode") ?? "query", RESPONSE_MODES),
    state: given.get("state") ?? undefined,
  };
  try {
    const query = buildProviderQuery(service, tenant, client, given);
    query.set("redirect_uri", replyTo.redirectUri);
    query.set("response_mode", "query");
    query.set(RESPONSE_MODE, replyTo.responseMode);
    const reply = await forwardToProvider(c, service, tenant, `/oauth2/v2.0/authorize?${query}`);
    return concludeAuthorization(service, client, replyTo, reply, given.get("prompt") === "none");
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    return replyRefused(replyTo, error, store.now());
  }
}

/** Resumes a request after the user chose an account or consented. */
export async function resumeAuthorization(c: Context<TwinEnv>, service: SignInService): Promise<Response> {
  const tenant = findTenant(service.store, c.req.param("tenant") ?? "");
  const { provider } = service.getSignIn(tenant);
  const interaction = await provider.Interaction.find(c.req.param("uid") ?? "");
  if (!interaction) throw new SignInError(70008, {});
  const params = interaction.params as Record<string, string | undefined>;
  const client = findClient(tenant, params.client_id ?? "");
  c.set("caller", client.application.displayName);
  const reply = await forwardToProvider(c, service, tenant, `/oauth2/v2.0/authorize/${interaction.uid}`);
  const consentTo = params[ADMIN_CONSENT];
  const replyTo = {
    redirectUri: params.redirect_uri ?? "",
    responseMode: params[RESPONSE_MODE] ?? "query",
    state: params.state,
    ...(consentTo === undefined
      ? {}
      : { adminConsent: { tenant: tenant.id, scope: decodeConsentScope(consentTo) } }),
  };
  return concludeAuthorization(service, client, replyTo, reply, false);
}

/** Sends a request for a tenant to its oidc-provider. @param path below the tenant */
export function forwardToProvider(
  c: Context<TwinEnv>,
  service: SignInService,
  tenant: EntraTenant,
  path: string,
): Promise<ProviderReply> {
  return requestProvider(service.getSignIn(tenant).provider, {
    method: "GET",
    encrypted: isEncrypted(c),
    mount: `/${tenant.id}`,
    path,
    headers: pickHeaders(c),
  });
}

/** Translates the reply of oidc-provider to Entra's. */
export function concludeAuthorization(
  service: SignInService,
  { application }: TenantClient,
  replyTo: ReplyTarget,
  { response, error }: ProviderReply,
  silent: boolean,
): Response {
  const now = service.store.now();
  if (error instanceof SignInError) {
    return withCookies(silent ? replyRefused(replyTo, error, now) : renderSignInError(error, now), response);
  }
  if (error) {
    const facts = { app: application.appId, name: application.displayName };
    return withCookies(
      replyRefused(replyTo, translateAuthorizationError(error, facts), now, error.message),
      response,
    );
  }
  const code = new URL(
    response.headers.get("location") ?? "",
    service.store.microsoftOrigin,
  ).searchParams.get("code");
  return code === null ? response : withCookies(replyGranted(replyTo, code), response);
}

function withCookies(to: Response, from: Response): Response {
  for (const cookie of from.headers.getSetCookie()) to.headers.append("set-cookie", cookie);
  return to;
}

/** Validates the parameters and builds the query for oidc-provider. */
function buildProviderQuery(
  service: SignInService,
  tenant: EntraTenant,
  client: TenantClient,
  given: URLSearchParams,
): URLSearchParams {
  refuseUnknownParameters(given, [...VALIDATED, ...FORWARDED, ...IGNORED]);
  const type = requireParameter(given, "response_type");
  if (type !== "code") refuseResponseType(client.application, type);
  const scopes = resolveScopes(
    service.store,
    tenant,
    client,
    service.permissions.delegated,
    requireParameter(given, "scope"),
  );
  if (given.has("prompt")) requireOneOf("prompt", given.get("prompt") ?? "", PROMPTS);
  if (given.has("code_challenge")) {
    requireOneOf("code_challenge_method", given.get("code_challenge_method") ?? "plain", ["S256"]);
  }
  validateClaims(client);
  const contexts = validateClaimsRequest(given.get("claims"));
  const forwarded = FORWARDED.flatMap((name): [string, string][] => {
    const value = given.get(name);
    // oidc-provider accepts a nonce only with openid; otherwise no token could carry it.
    return value === null || (name === "nonce" && !scopes.includes("openid")) ? [] : [[name, value]];
  });
  const claims = { id_token: { acrs: { values: contexts } } };
  const contextsParameter: [string, string][] =
    contexts.length === 0 ? [] : [["claims", JSON.stringify(claims)]];
  return new URLSearchParams([
    ...forwarded,
    ...contextsParameter,
    ["client_id", client.application.appId],
    ["response_type", "code"],
    ["scope", scopes.map(toProviderScope).join(" ")],
  ]);
}

const RESPONSE_MODES = ["query", "fragment", "form_post"];
const PROMPTS = ["login", "none", "consent", "select_account"];

function requireOneOf(name: string, value: string, known: string[]): string {
  if (!known.includes(value)) throw new EntraNotServed(`${name} ${value}`);
  return value;
}

function refuseAnyTenant(store: Store, tenantName: string, clientId: string): never {
  const [application] = [...store.tenants.values()].flatMap(
    (tenant) => findApplicationByAppId(tenant, clientId) ?? [],
  );
  if (!application) throw new SignInError(700016, { value: clientId, tenant: tenantName });
  if (application.signInAudience !== "AzureADMyOrg") throw new EntraNotServed(`tenant ${tenantName}`);
  throw new SignInError(50194, { app: application.appId, name: application.displayName });
}

export function resolveRedirectUri(
  { appId, publicClient, spa, web }: AppRegistration,
  given: string | null,
): string {
  const [only] = web.redirectUris;
  if (given === null) {
    if (web.redirectUris.length === 1 && only !== undefined) return only;
    throw new EntraNotServed("no redirect_uri");
  }
  if (web.redirectUris.includes(given)) return given;
  if ([...publicClient.redirectUris, ...spa.redirectUris].includes(given)) {
    throw new EntraNotServed("a redirect URI of a public client");
  }
  throw new SignInError(50011, { value: given, app: appId });
}

function refuseResponseType({ web }: AppRegistration, type: string): never {
  const { enableAccessTokenIssuance, enableIdTokenIssuance } = web.implicitGrantSettings;
  const off =
    (type.includes("id_token") && !enableIdTokenIssuance) ||
    (/(^| )token/.test(type) && !enableAccessTokenIssuance);
  if (!off) throw new EntraNotServed(`response_type ${type}`);
  throw new SignInError(700054, { value: type });
}

/** Tells if a request came over HTTPS. */
export function isEncrypted(c: Context<TwinEnv>): boolean {
  return new URL(c.req.url).protocol === "https:";
}

/** Picks the headers that oidc-provider needs. */
export function pickHeaders(c: Context<TwinEnv>): Record<string, string> {
  const names = ["accept", "authorization", "content-type", "cookie", "host"];
  const picked = names.flatMap((name) => {
    const value = c.req.header(name);
    return value === undefined ? [] : [[name, value]];
  });
  const { remoteAddress = "" } = (c.env as HttpBindings).incoming.socket;
  return { ...Object.fromEntries(picked), [ADDRESS_HEADER]: remoteAddress };
}
