import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import type { Interaction, Provider } from "oidc-provider";
import type { TwinEnv } from "../../http/requests";
import type { EntraTenant, User } from "../../store/entra/tenant";
import { findClient, findTenant, type TenantClient } from "../clients";
import { SignInError } from "../errors";
import type { SignInService } from "./authorize";

/** A page at which a sign-in waits for the user. */
export interface InteractionStep {
  service: SignInService;
  tenant: EntraTenant;
  client: TenantClient;
  provider: Provider;
  interaction: Interaction;
}

/** Loads the step of a request, which must come from the browser that began it. @throws SignInError 70008 */
export async function loadStep(c: Context<TwinEnv>, service: SignInService): Promise<InteractionStep> {
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

/** Returns the user who has signed in. @throws SignInError 70008 */
export function getSignedInUser({ tenant, interaction }: InteractionStep): User {
  const user = tenant.users.get(interaction.session?.accountId ?? "");
  if (!user) throw new SignInError(70008, {});
  return user;
}
