import type { Context } from "hono";
import type { TwinEnv } from "../../http/requests";
import type { Store } from "../../store/store";
import type { Application, Tenant } from "../../store/tenant";
import { ANY_TENANT, type Client, findClient, findTenant } from "../clients";
import { NotJudged, SignInError } from "../errors";
import { authorizationError, granted, type ReplyTo, refuse } from "./answer";
import { judgeClaims } from "./claims";
import { judgeClaimsRequest } from "./claims-request";
import { ask, type ProviderReply } from "./in-process";
import { errorPage } from "./pages";
import { ADMIN_CONSENT, inside, RESPONSE_MODE, type SignIn, scopeAsked } from "./provider";
import { type GraphPermissions, requestedScopes } from "./scopes";

/** What the endpoints of interactive sign-in share. */
export interface SignInService {
  store: Store;
  permissions: GraphPermissions;
  of(tenant: Tenant): SignIn;
}

/** Parameters that reach oidc-provider as they are, and those that change nothing here. */
const PASSED = ["code_challenge", "code_challenge_method", "login_hint", "nonce", "prompt", "state"];
const JUDGED = ["claims", "client_id", "redirect_uri", "response_mode", "response_type", "scope"];
const WITHOUT_EFFECT = [
  "client-request-id",
  "client_info",
  "domain_hint",
  "haschrome",
  "lc",
  "mkt",
  "ui_locales",
];

/**
 * `/{tenant}/oauth2/v2.0/authorize`: everything that Entra checks of a request, before oidc-provider has it.
 *
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
export async function authorize(c: Context<TwinEnv>, service: SignInService): Promise<Response> {
  const { store } = service;
  const given = new URLSearchParams(c.req.method === "POST" ? await c.req.text() : new URL(c.req.url).search);
  const tenantName = c.req.param("tenant") ?? "";
  const clientId = required(given, "client_id");
  if (ANY_TENANT.includes(tenantName)) refuseAnyTenant(store, tenantName, clientId);
  const tenant = findTenant(store, tenantName);
  const client = findClient(tenant, clientId);
  const { application, principal } = client;
  c.set("caller", application.displayName);
  if (!principal.accountEnabled) {
    throw new SignInError(7000112, { value: application.appId, name: application.displayName });
  }
  const replyTo: ReplyTo = {
    redirectUri: redirectUri(application, given.get("redirect_uri")),
    responseMode: oneOf("response_mode", given.get("response_mode") ?? "query", RESPONSE_MODES),
    state: given.get("state") ?? undefined,
  };
  try {
    const query = judged(service, tenant, client, given);
    query.set("redirect_uri", replyTo.redirectUri);
    query.set("response_mode", "query");
    query.set(RESPONSE_MODE, replyTo.responseMode);
    const reply = await ask(service.of(tenant).provider, {
      method: "GET",
      encrypted: isEncrypted(c),
      mount: `/${tenant.id}`,
      path: `/oauth2/v2.0/authorize?${query}`,
      headers: headers(c),
    });
    return conclude(service, client, replyTo, reply, given.get("prompt") === "none");
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    return refuse(replyTo, error, store.now());
  }
}

/** Goes on with a request after a person chose an account or consented. */
export async function resume(c: Context<TwinEnv>, service: SignInService): Promise<Response> {
  const tenant = findTenant(service.store, c.req.param("tenant") ?? "");
  const { provider } = service.of(tenant);
  const interaction = await provider.Interaction.find(c.req.param("uid") ?? "");
  if (!interaction) throw new SignInError(70008, {});
  const params = interaction.params as Record<string, string | undefined>;
  const client = findClient(tenant, params.client_id ?? "");
  c.set("caller", client.application.displayName);
  const reply = await ask(provider, {
    method: "GET",
    encrypted: isEncrypted(c),
    mount: `/${tenant.id}`,
    path: `/oauth2/v2.0/authorize/${interaction.uid}`,
    headers: headers(c),
  });
  const consentTo = params[ADMIN_CONSENT];
  const replyTo = {
    redirectUri: params.redirect_uri ?? "",
    responseMode: params[RESPONSE_MODE] ?? "query",
    state: params.state,
    ...(consentTo === undefined ? {} : { adminConsent: { tenant: tenant.id, scope: scopeAsked(consentTo) } }),
  };
  return conclude(service, client, replyTo, reply, false);
}

/** Puts what oidc-provider answered into Entra's form. */
export function conclude(
  service: SignInService,
  { application }: Client,
  replyTo: ReplyTo,
  { response, error }: ProviderReply,
  silent: boolean,
): Response {
  const now = service.store.now();
  if (error instanceof SignInError) {
    return withCookies(silent ? refuse(replyTo, error, now) : errorPage(error, now), response);
  }
  if (error) {
    const facts = { app: application.appId, name: application.displayName };
    return withCookies(refuse(replyTo, authorizationError(error, facts), now, error.message), response);
  }
  const code = new URL(
    response.headers.get("location") ?? "",
    service.store.microsoftOrigin,
  ).searchParams.get("code");
  return code === null ? response : withCookies(granted(replyTo, code), response);
}

function withCookies(to: Response, from: Response): Response {
  for (const cookie of from.headers.getSetCookie()) to.headers.append("set-cookie", cookie);
  return to;
}

/** The query that oidc-provider gets. */
function judged(
  service: SignInService,
  tenant: Tenant,
  client: Client,
  given: URLSearchParams,
): URLSearchParams {
  const known = [...JUDGED, ...PASSED, ...WITHOUT_EFFECT];
  const unknown = [...given.keys()].find((name) => !known.includes(name) && !/^x-/i.test(name));
  if (unknown !== undefined) throw new NotJudged(`parameter ${unknown}`);
  const type = required(given, "response_type");
  if (type !== "code") refuseResponseType(client.application, type);
  const scopes = requestedScopes(
    service.store,
    tenant,
    client,
    service.permissions.delegated,
    required(given, "scope"),
  );
  if (given.has("prompt")) oneOf("prompt", given.get("prompt") ?? "", PROMPTS);
  if (given.has("code_challenge")) {
    oneOf("code_challenge_method", given.get("code_challenge_method") ?? "plain", ["S256"]);
  }
  judgeClaims(client);
  judgeClaimsRequest(given.get("claims"));
  const passed = PASSED.flatMap((name): [string, string][] => {
    const value = given.get(name);
    // oidc-provider takes a nonce with openid alone; without it there is no token that could hold one.
    return value === null || (name === "nonce" && !scopes.includes("openid")) ? [] : [[name, value]];
  });
  return new URLSearchParams([
    ...passed,
    ["client_id", client.application.appId],
    ["response_type", "code"],
    ["scope", scopes.map(inside).join(" ")],
  ]);
}

const RESPONSE_MODES = ["query", "fragment", "form_post"];
const PROMPTS = ["login", "none", "consent", "select_account"];

export function required(given: URLSearchParams, name: string): string {
  const value = given.get(name);
  if (!value) throw new SignInError(900144, { value: name });
  return value;
}

function oneOf(name: string, value: string, known: string[]): string {
  if (!known.includes(value)) throw new NotJudged(`${name} ${value}`);
  return value;
}

function refuseAnyTenant(store: Store, tenantName: string, clientId: string): never {
  const application = [...store.tenants.values()]
    .flatMap((tenant) => [...tenant.applications.values()])
    .find(({ appId }) => appId === clientId.toLowerCase());
  if (!application) throw new SignInError(700016, { value: clientId, tenant: tenantName });
  if (application.signInAudience !== "AzureADMyOrg") throw new NotJudged(`tenant ${tenantName}`);
  throw new SignInError(50194, { app: application.appId, name: application.displayName });
}

export function redirectUri({ appId, publicClient, spa, web }: Application, given: string | null): string {
  const [only] = web.redirectUris;
  if (given === null) {
    if (web.redirectUris.length === 1 && only !== undefined) return only;
    throw new NotJudged("no redirect_uri");
  }
  if (web.redirectUris.includes(given)) return given;
  if ([...publicClient.redirectUris, ...spa.redirectUris].includes(given)) {
    throw new NotJudged("a redirect URI of a public client");
  }
  throw new SignInError(50011, { value: given, app: appId });
}

function refuseResponseType({ web }: Application, type: string): never {
  const { enableAccessTokenIssuance, enableIdTokenIssuance } = web.implicitGrantSettings;
  const off =
    (type.includes("id_token") && !enableIdTokenIssuance) ||
    (/(^| )token/.test(type) && !enableAccessTokenIssuance);
  if (!off) throw new NotJudged(`response_type ${type}`);
  throw new SignInError(700054, { value: type });
}

/** Whether a request came over HTTPS. */
export function isEncrypted(c: Context<TwinEnv>): boolean {
  return new URL(c.req.url).protocol === "https:";
}

/** What oidc-provider needs to know of a request. */
export function headers(c: Context<TwinEnv>): Record<string, string> {
  const wanted = ["accept", "authorization", "content-type", "cookie", "host"];
  return Object.fromEntries(
    wanted.flatMap((name) => {
      const value = c.req.header(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
