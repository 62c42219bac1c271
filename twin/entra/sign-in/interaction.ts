import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import type { Interaction, Provider } from "oidc-provider";
import type { TwinEnv } from "../../http/requests";
import { recordAudit } from "../../store/audits";
import { consentTo } from "../../store/consent";
import { findUser } from "../../store/directory";
import { mayConsent } from "../../store/directory-roles";
import { secretMatches } from "../../store/secrets";
import type { Store } from "../../store/store";
import type { Tenant, User } from "../../store/tenant";
import { type Client, findClient, findTenant } from "../clients";
import { SignInError } from "../errors";
import { delegatedText, type PermissionText } from "../permission-texts/texts";
import { consentForEverybody, type PermissionsAsked, permissionsAsked, textsOf } from "./admin-consent";
import type { SignInService } from "./authorize";
import {
  accountPage,
  adminConsentPage,
  approvalPage,
  consentPage,
  passwordPage,
  secondFactorPage,
} from "./pages";
import { ADMIN_CONSENT, scopeAsked, scopesOf } from "./provider";
import { consentedScopes } from "./scopes";
import { hasShownFirst, keepFirst } from "./second-factor";

/** One step that a person has to take. */
interface Step {
  service: SignInService;
  tenant: Tenant;
  client: Client;
  provider: Provider;
  interaction: Interaction;
}

/** Shows the account picker or asks for consent. */
export async function show(c: Context<TwinEnv>, service: SignInService): Promise<Response> {
  const step = await stepOf(c, service);
  const asking = CONSENTS[step.interaction.prompt.name];
  if (asking) return asking.ask(step);
  const { login_hint } = step.interaction.params as { login_hint?: string };
  return accountPage({ tenant: step.tenant, application: step.client.application, hint: login_hint });
}

/** Takes what a person chose. */
export async function choose(c: Context<TwinEnv>, service: SignInService): Promise<Response> {
  const step = await stepOf(c, service);
  const form = new URLSearchParams(await c.req.text());
  if (form.has("cancel")) return finish(step, { error: "access_denied" });
  const asking = CONSENTS[step.interaction.prompt.name];
  if (asking) {
    if (form.get("consent") !== "accept" || !asking.may(step)) return asking.ask(step);
    asking.keep(step, form);
    return finish(step, { [step.interaction.prompt.name]: {} });
  }
  return signIn(step, form);
}

async function stepOf(c: Context<TwinEnv>, service: SignInService): Promise<Step> {
  const tenant = findTenant(service.store, c.req.param("tenant") ?? "");
  const uid = c.req.param("uid") ?? "";
  const { provider } = service.of(tenant);
  const interaction =
    getCookie(c, provider.cookieName("interaction")) === uid
      ? await provider.Interaction.find(uid)
      : undefined;
  if (!interaction) throw new SignInError(70008, {});
  const client = findClient(tenant, String(interaction.params.client_id));
  c.set("caller", client.application.displayName);
  return { service, tenant, client, provider, interaction };
}

async function signIn(step: Step, form: URLSearchParams): Promise<Response> {
  const { service, tenant, client } = step;
  const name = (form.get("user") ?? "").trim();
  const user = findUser(tenant, name) ?? guest(tenant, name);
  if (!user) {
    const error = strangerError(service.store, step, name);
    if (error.code === 50020) throw error;
    const { error_description } = error.body(service.store.now());
    return accountPage({
      tenant,
      application: client.application,
      hint: name,
      error: String(error_description),
    });
  }
  const password = form.get("password");
  const answered = hasShownFirst(step.interaction, user) ? form.get("second_factor") : null;
  const refusal = (code: 50126 | 500121) =>
    String(new SignInError(code, {}).body(service.store.now()).error_description);
  if (user.passwordHash && answered === null) {
    if (password === null) return passwordPage(user);
    if (!secretMatches(user.passwordHash, password)) return passwordPage(user, refusal(50126));
  }
  if (user.secondFactor && answered !== "approve") {
    await keepFirst(step.interaction, user);
    return secondFactorPage(user, answered === null ? undefined : refusal(500121));
  }
  return finish(step, { login: { accountId: user.id }, select_account: {} }, user);
}

/** A guest signs in with the address at home. */
function guest(tenant: Tenant, name: string): User | undefined {
  return [...tenant.users.values()].find(
    ({ userType, mail }) => userType === "Guest" && mail?.toLowerCase() === name.toLowerCase(),
  );
}

function strangerError(store: Store, { tenant, client }: Step, name: string): SignInError {
  const home = [...store.tenants.values()].find((other) => findUser(other, name));
  if (!home) return new SignInError(50034, { value: name, tenant: tenant.displayName });
  return new SignInError(50020, {
    value: name,
    provider: `https://sts.windows.net/${home.id}/`,
    tenant: tenant.displayName,
    app: client.application.appId,
    name: client.application.displayName,
  });
}

/** Ends a step: the person goes back to where oidc-provider goes on. */
async function finish(step: Step, result: Interaction["result"] & object, user?: User): Promise<Response> {
  const { interaction, provider } = step;
  interaction.result = { ...interaction.lastSubmission, ...result };
  await interaction.save(interaction.exp - Math.floor(Date.now() / 1000));
  const uid = interaction.session?.uid;
  const session = user && uid ? await provider.Session.findByUid(uid) : undefined;
  if (session && user && session.accountId !== user.id) {
    // oidc-provider would have the old account sign out on a page of its own, which needs a script.
    session.loginAccount({ accountId: user.id });
    session.authorizations = {};
    await session.persist();
  }
  return new Response(null, { status: 303, headers: { location: interaction.returnTo } });
}

function userOf({ tenant, interaction }: Step): User {
  const user = tenant.users.get(interaction.session?.accountId ?? "");
  if (!user) throw new SignInError(70008, {});
  return user;
}

function requested({ interaction }: Step): string[] {
  return scopesOf(String(interaction.params.scope));
}

/** Permissions that are asked for, that nobody consented to, and that the user may not consent to. */
function adminOnly(step: Step): string[] {
  const user = userOf(step);
  if (mayConsent(user, { application: false })) return [];
  const consented = consentedScopes(step.tenant, step.client, user.id);
  return requested(step).filter(
    (scope) => !consented.includes(scope) && step.service.permissions.delegated[scope]?.[1] !== "User",
  );
}

/** Only this role is offered to consent for everybody when it signs in. */
const mayConsentForEverybody = (user: User) => user.roles.includes("Global Administrator");

function askedOfAdministrator({ service, tenant, client, interaction }: Step): PermissionsAsked {
  const scope = scopeAsked(String(interaction.params[ADMIN_CONSENT]));
  return permissionsAsked(service, tenant, client, scope);
}

function needsApproval(step: Step, permissions: PermissionText[]): Response {
  const { application } = step.client;
  const facts = { tenant: step.tenant.displayName, name: application.displayName };
  const error = new SignInError(90094, facts).body(step.service.store.now());
  return approvalPage({ application, user: userOf(step), permissions, error });
}

function noteConsent(step: Step, everybody: boolean, names: string[]): void {
  const { application, principal } = step.client;
  const property = (displayName: string, value: unknown) => ({
    displayName,
    oldValue: null,
    newValue: JSON.stringify(value),
  });
  recordAudit(step.service.store, step.tenant, userOf(step), {
    activityDisplayName: "Consent to application",
    category: "ApplicationManagement",
    operationType: "Assign",
    loggedByService: "Core Directory",
    target: {
      id: principal.id,
      displayName: application.displayName,
      type: "ServicePrincipal",
      userPrincipalName: null,
      groupType: null,
      modifiedProperties: [
        property("ConsentContext.IsAdminConsent", everybody),
        property("ConsentAction.Permissions", names.join(" ")),
      ],
    },
  });
}

interface Consent {
  /** Shows the page that asks, or says who may be asked. */
  ask(step: Step): Response;
  /** Whether the person who is signed in may give it. */
  may(step: Step): boolean;
  keep(step: Step, form: URLSearchParams): void;
}

/** What may be asked for consent, by the name of the prompt. */
const CONSENTS: Record<string, Consent> = {
  consent: {
    ask(step) {
      const texts = (names: string[]) => names.map((name) => delegatedText(name, "user"));
      const scopes = adminOnly(step);
      if (scopes.length > 0) return needsApproval(step, texts(scopes));
      const user = userOf(step);
      const permissions = texts(requested(step));
      const forEverybody = mayConsentForEverybody(user);
      return consentPage({ application: step.client.application, user, permissions, forEverybody });
    },
    may: (step) => adminOnly(step).length === 0,
    keep(step, form) {
      const user = userOf(step);
      const everybody = form.has("organization") && mayConsentForEverybody(user);
      consentTo(step.tenant, step.client.principal, requested(step), everybody ? undefined : user.id);
      noteConsent(step, everybody, requested(step));
    },
  },
  admin_consent: {
    ask(step) {
      const permissions = textsOf(askedOfAdministrator(step));
      if (!this.may(step)) return needsApproval(step, permissions);
      return adminConsentPage({ application: step.client.application, user: userOf(step), permissions });
    },
    may: (step) =>
      mayConsent(userOf(step), { application: askedOfAdministrator(step).application.length > 0 }),
    keep(step) {
      const asked = askedOfAdministrator(step);
      consentForEverybody(step.tenant, step.client, asked);
      noteConsent(step, true, [...asked.delegated, ...asked.application]);
    },
  },
};
