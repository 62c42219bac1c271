import type { Context } from "hono";
import type { Interaction } from "oidc-provider";
import type { TwinEnv } from "../../http/requests";
import { findUser } from "../../store/entra/directory";
import type { EntraTenant, User } from "../../store/entra/tenant";
import { matchesSecretHash } from "../../store/secrets";
import type { Store } from "../../store/store";
import { CONDITIONAL_ACCESS } from "../conditional-access/prompt";
import { CONSENT_PROMPTS } from "../consent/consent-prompts";
import { SignInError } from "../errors";
import type { SignInService } from "./authorize";
import { getSignedInUser, type InteractionStep, loadStep } from "./interaction-step";
import {
  renderAccountPicker,
  renderPasswordForm,
  renderRegistrationForm,
  renderSecondFactorForm,
} from "./pages";
import { hasPassedFirstFactor, saveFirstFactor } from "./second-factor";

/** Shows the account picker or the consent form. */
export async function showInteraction(c: Context<TwinEnv>, service: SignInService): Promise<Response> {
  const step = await loadStep(c, service);
  const prompt = CONSENT_PROMPTS[step.interaction.prompt.name];
  if (prompt) return prompt.render(step);
  if (isSecondFactorDemanded(step)) return renderDemandedFactor(getSignedInUser(step));
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
  return isSecondFactorDemanded(step) ? giveSecondFactor(step, form) : signIn(step, form);
}

/** Tells if Conditional Access demands a second factor of somebody who has signed in. */
function isSecondFactorDemanded({ interaction: { prompt } }: InteractionStep): boolean {
  return prompt.name === CONDITIONAL_ACCESS && prompt.details.demand === "mfa";
}

function renderDemandedFactor(user: User, error?: string): Response {
  return user.hasPhone ? renderSecondFactorForm(user, error) : renderRegistrationForm(user);
}

/** Accepts the second factor, also of a phone that is only registered now. */
async function giveSecondFactor(step: InteractionStep, form: URLSearchParams): Promise<Response> {
  const user = getSignedInUser(step);
  const answered = form.get("second_factor");
  if (answered === "register") user.hasPhone = true;
  else if (answered !== "approve" || !user.hasPhone) {
    const error = new SignInError(500121, {}).body(step.service.store.now());
    return renderDemandedFactor(user, error.error_description);
  }
  const { uid = "" } = step.interaction.session ?? {};
  const { amr = [], loginTs } = (await step.provider.Session.findByUid(uid)) ?? {};
  const login = { accountId: user.id, amr: [...amr, "mfa"], ...(loginTs !== undefined && { ts: loginTs }) };
  return finish(step, { login, [CONDITIONAL_ACCESS]: {} });
}

async function signIn(step: InteractionStep, form: URLSearchParams): Promise<Response> {
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
      error: error_description,
    });
  }
  const password = form.get("password");
  const answered = hasPassedFirstFactor(step.interaction, user) ? form.get("second_factor") : null;
  const refusal = (code: 50126 | 500121) =>
    new SignInError(code, {}).body(service.store.now()).error_description;
  if (user.passwordHash && answered === null) {
    if (password === null) return renderPasswordForm(user);
    if (!matchesSecretHash(user.passwordHash, password)) return renderPasswordForm(user, refusal(50126));
  }
  if (user.secondFactor && answered !== "approve") {
    await saveFirstFactor(step.interaction, user);
    return renderSecondFactorForm(user, answered === null ? undefined : refusal(500121));
  }
  const login = {
    accountId: user.id,
    amr: user.secondFactor ? ["pwd", "mfa"] : ["pwd"],
    // By the twin's clock, because Conditional Access limits the age of a sign-in.
    ts: Math.floor(service.store.now().getTime() / 1000),
  };
  return finish(step, { login, select_account: {}, [CONDITIONAL_ACCESS]: {} }, user);
}

/** Finds a guest by the address in the home tenant. */
function findGuest(tenant: EntraTenant, name: string): User | undefined {
  return [...tenant.users.values()].find(
    ({ userType, mail }) => userType === "Guest" && mail?.toLowerCase() === name.toLowerCase(),
  );
}

function createUnknownUserError(
  store: Store,
  { tenant, client }: InteractionStep,
  name: string,
): SignInError {
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
async function finish(
  step: InteractionStep,
  result: Interaction["result"] & object,
  user?: User,
): Promise<Response> {
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
