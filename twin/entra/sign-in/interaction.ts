import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import type { Interaction, Provider } from "oidc-provider";
import type { TwinEnv } from "../../http/requests";
import { recordAudit } from "../../store/audits";
import { grantConsent } from "../../store/consent";
import { findUser } from "../../store/directory";
import { mayConsent } from "../../store/directory-roles";
import { matchesSecretHash } from "../../store/secrets";
import type { Store } from "../../store/store";
import type { EntraTenant, User } from "../../store/tenant";
import { findClient, findTenant, type TenantClient } from "../clients";
import { SignInError } from "../errors";
import { getDelegatedText, type PermissionText } from "../permission-texts/texts";
import { ADMIN_CONSENT, decodeConsentScope, parseProviderScopes } from "../provider/provider-parameters";
import {
  getPermissionTexts,
  grantAdminConsent,
  type RequestedPermissions,
  resolveRequestedPermissions,
} from "./admin-consent";
import type { SignInService } from "./authorize";
import {
  renderAccountPicker,
  renderAdminConsentForm,
  renderApprovalNeeded,
  renderConsentForm,
  renderPasswordForm,
  renderSecondFactorForm,
} from "./pages";
import { listConsentedScopes } from "./scopes";
import { hasPassedFirstFactor, saveFirstFactor } from "./second-factor";

/** An interaction step of the user. */
interface Step {
  service: SignInService;
  tenant: EntraTenant;
  client: TenantClient;
  provider: Provider;
  interaction: Interaction;
}

/** Shows the account picker or the consent form. */
export async function showInteraction(c: Context<TwinEnv>, service: SignInService): Promise<Response> {
  const step = await loadStep(c, service);
  const prompt = CONSENT_PROMPTS[step.interaction.prompt.name];
  if (prompt) return prompt.render(step);
  const { login_hint } = step.interaction.params as { login_hint?: string };
  return renderAccountPicker({ tenant: step.tenant, application: step.client.application, hint: login_hint });
}

/** Processes the submitted form of a step. */
export async function submitInteraction(c: Context<TwinEnv>, service: SignInService): Promise<Response> {
  const step = await loadStep(c, service);
  const form = new URLSearchParams(await c.req.text());
  if (form.has("cancel")) return finish(step, { error: "access_denied" });
  const prompt = CONSENT_PROMPTS[step.interaction.prompt.name];
  if (prompt) {
    if (form.get("consent") !== "accept" || !prompt.isAllowed(step)) return prompt.render(step);
    prompt.grant(step, form);
    return finish(step, { [step.interaction.prompt.name]: {} });
  }
  return signIn(step, form);
}

async function loadStep(c: Context<TwinEnv>, service: SignInService): Promise<Step> {
  const tenant = findTenant(service.store, c.req.param("tenant") ?? "");
  const uid = c.req.param("uid") ?? "";
  const { provider } = service.getSignIn(tenant);
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
  const user = findUser(tenant, name) ?? findGuest(tenant, name);
  if (!user) {
    const error = createUnknownUserError(service.store, step, name);
    if (error.code === 50020) throw error;
    const { error_description } = error.body(service.store.now());
    return renderAccountPicker({
      tenant,
      application: client.application,
      hint: name,
      error: String(error_description),
    });
  }
  const password = form.get("password");
  const answered = hasPassedFirstFactor(step.interaction, user) ? form.get("second_factor") : null;
  const refusal = (code: 50126 | 500121) =>
    String(new SignInError(code, {}).body(service.store.now()).error_description);
  if (user.passwordHash && answered === null) {
    if (password === null) return renderPasswordForm(user);
    if (!matchesSecretHash(user.passwordHash, password)) return renderPasswordForm(user, refusal(50126));
  }
  if (user.secondFactor && answered !== "approve") {
    await saveFirstFactor(step.interaction, user);
    return renderSecondFactorForm(user, answered === null ? undefined : refusal(500121));
  }
  return finish(step, { login: { accountId: user.id }, select_account: {} }, user);
}

/** Finds a guest by the address in the home tenant. */
function findGuest(tenant: EntraTenant, name: string): User | undefined {
  return [...tenant.users.values()].find(
    ({ userType, mail }) => userType === "Guest" && mail?.toLowerCase() === name.toLowerCase(),
  );
}

function createUnknownUserError(store: Store, { tenant, client }: Step, name: string): SignInError {
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

/** Ends a step and redirects to where oidc-provider continues. */
async function finish(step: Step, result: Interaction["result"] & object, user?: User): Promise<Response> {
  const { interaction, provider } = step;
  interaction.result = { ...interaction.lastSubmission, ...result };
  await interaction.save(interaction.exp - Math.floor(Date.now() / 1000));
  const uid = interaction.session?.uid;
  const session = user && uid ? await provider.Session.findByUid(uid) : undefined;
  if (session && user && session.accountId !== user.id) {
    // Otherwise oidc-provider would sign out the old account on its own page, which needs a script.
    session.loginAccount({ accountId: user.id });
    session.authorizations = {};
    await session.persist();
  }
  return new Response(null, { status: 303, headers: { location: interaction.returnTo } });
}

function getUser({ tenant, interaction }: Step): User {
  const user = tenant.users.get(interaction.session?.accountId ?? "");
  if (!user) throw new SignInError(70008, {});
  return user;
}

function getRequestedScopes({ interaction }: Step): string[] {
  return parseProviderScopes(String(interaction.params.scope));
}

/** Lists requested permissions without consent that the user may not consent to. */
function listAdminOnlyScopes(step: Step): string[] {
  const user = getUser(step);
  if (mayConsent(user, { application: false })) return [];
  const consented = listConsentedScopes(step.tenant, step.client, user.id);
  return getRequestedScopes(step).filter(
    (scope) => !consented.includes(scope) && step.service.permissions.delegated[scope]?.[1] !== "User",
  );
}

/** Tells if the user is offered to consent for all users at sign-in; Entra offers it to this role only. */
const mayConsentForAllUsers = (user: User) => user.roles.includes("Global Administrator");

function getRequestedPermissions({ service, tenant, client, interaction }: Step): RequestedPermissions {
  const scope = decodeConsentScope(String(interaction.params[ADMIN_CONSENT]));
  return resolveRequestedPermissions(service, tenant, client, scope);
}

function renderNeedsApproval(step: Step, permissions: PermissionText[]): Response {
  const { application } = step.client;
  const facts = { tenant: step.tenant.displayName, name: application.displayName };
  const error = new SignInError(90094, facts).body(step.service.store.now());
  return renderApprovalNeeded({ application, user: getUser(step), permissions, error });
}

function recordConsent(step: Step, forAllUsers: boolean, names: string[]): void {
  const { application, principal } = step.client;
  const property = (displayName: string, value: unknown) => ({
    displayName,
    oldValue: null,
    newValue: JSON.stringify(value),
  });
  recordAudit(step.service.store, step.tenant, getUser(step), {
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
        property("ConsentContext.IsAdminConsent", forAllUsers),
        property("ConsentAction.Permissions", names.join(" ")),
      ],
    },
  });
}

interface ConsentPrompt {
  /** Shows the consent form, or the page that asks for an administrator. */
  render(step: Step): Response;
  /** Tells if the signed-in user may consent. */
  isAllowed(step: Step): boolean;
  grant(step: Step, form: URLSearchParams): void;
}

/** The consent prompts by their name in oidc-provider. */
const CONSENT_PROMPTS: Record<string, ConsentPrompt> = {
  consent: {
    render(step) {
      const texts = (names: string[]) => names.map((name) => getDelegatedText(name, "user"));
      const scopes = listAdminOnlyScopes(step);
      if (scopes.length > 0) return renderNeedsApproval(step, texts(scopes));
      const user = getUser(step);
      const permissions = texts(getRequestedScopes(step));
      const forAllUsers = mayConsentForAllUsers(user);
      return renderConsentForm({ application: step.client.application, user, permissions, forAllUsers });
    },
    isAllowed: (step) => listAdminOnlyScopes(step).length === 0,
    grant(step, form) {
      const user = getUser(step);
      const forAllUsers = form.has("organization") && mayConsentForAllUsers(user);
      grantConsent(
        step.tenant,
        step.client.principal,
        getRequestedScopes(step),
        forAllUsers ? undefined : user.id,
      );
      recordConsent(step, forAllUsers, getRequestedScopes(step));
    },
  },
  admin_consent: {
    render(step) {
      const permissions = getPermissionTexts(getRequestedPermissions(step));
      if (!this.isAllowed(step)) return renderNeedsApproval(step, permissions);
      return renderAdminConsentForm({
        application: step.client.application,
        user: getUser(step),
        permissions,
      });
    },
    isAllowed: (step) =>
      mayConsent(getUser(step), { application: getRequestedPermissions(step).application.length > 0 }),
    grant(step) {
      const permissions = getRequestedPermissions(step);
      grantAdminConsent(step.tenant, step.client, permissions);
      recordConsent(step, true, [...permissions.delegated, ...permissions.application]);
    },
  },
};
