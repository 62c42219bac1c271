import { html } from "hono/html";
import { toBrowserUrl } from "../http/names";
import type { Html } from "../http/page";
import type { Account, EntraProvider, IdentityProviderRecord } from "../store/cloudflare/account";
import type { AppRegistration, EntraTenant } from "../store/entra/tenant";
import { matchesSecretHash } from "../store/secrets";
import { findApplicationByAppId, findPrincipalByAppId, type Store } from "../store/store";
import { renderLink } from "./account/protection";
import { describeSecretState, isExpired } from "./secret-state";
import { type Cell, renderFirst, renderList } from "./table";

/** The number of Access applications in a picture; the table below it has more. */
const MOST_APPLICATIONS = 4;

/** Renders how users of tenants reach the applications of an account: one line of boxes per identity provider. */
export function renderFlows(store: Store, account: Account): Html {
  const providers = [...account.identityProviders.values()];
  if (providers.length === 0)
    return html`<p class="quiet">No identity provider. Create one with <code>npm run local</code>, or with <code>pulumi up</code> on a stack for this account.</p>`;
  return renderFirst(
    providers,
    (provider) =>
      html`<ol class="flow">${renderEntra(store, account, provider)}${renderProvider(store, account, provider)}${renderApplications(store, account, provider)}</ol>`,
    (shown) => html`${shown}`,
  );
}

/** Returns the identity providers that sign in users of a tenant, with their accounts. */
export function listConnections(store: Store, tenant: EntraTenant): string[] {
  return [...store.accounts.values()].flatMap(({ identityProviders, organization }) =>
    [...identityProviders.values()]
      .filter((one) => one.type === "azureAD" && findTenantOf(store, one) === tenant)
      .map(({ name }) => `${name}, in account ${organization.name}`),
  );
}

function renderBox(kind: string, name: Cell, content: Cell, mark = ""): Html {
  return html`<li class="${mark}"><small>${kind}</small> <b>${name}</b> ${content}</li>
`;
}

function renderProblem(text: string): Html {
  return html`<strong class="error">${text}</strong>`;
}

function findTenantOf(store: Store, { config }: EntraProvider): EntraTenant | undefined {
  const directory = String(config.directory_id).toLowerCase();
  return [...store.tenants.values()].find(({ id, domain }) => [id, domain].includes(directory));
}

/** Renders tenant and application, or the reason why the provider cannot sign anybody in there. */
function renderEntra(store: Store, account: Account, provider: IdentityProviderRecord): Cell {
  if (provider.type !== "azureAD") return "";
  const { directory_id, client_id } = provider.config;
  const tenant = findTenantOf(store, provider);
  const application = tenant && findApplicationByAppId(tenant, String(client_id));
  return html`${
    tenant
      ? renderBox("Tenant", tenant.displayName, tenant.domain)
      : renderBox("Tenant", String(directory_id), renderProblem("no such tenant (AADSTS90002)"), "bad")
  }${
    tenant && application
      ? renderApplication(store, account, { provider, tenant, application })
      : renderBox(
          "Application",
          String(client_id),
          renderProblem("no such application (AADSTS700016)"),
          "bad",
        )
  }`;
}

function renderApplication(
  store: Store,
  { organization }: Account,
  o: { provider: EntraProvider; tenant: EntraTenant; application: AppRegistration },
): Html {
  const { provider, tenant, application } = o;
  const principal = findPrincipalByAppId(tenant, application.appId);
  const secret = application.passwords.find(({ hash }) => matchesSecretHash(hash, provider.clientSecret));
  const redirectUri = `https://${organization.authDomain}/cdn-cgi/access/callback`;
  const problems = [
    ...(principal ? [] : ["no service principal (AADSTS700016)"]),
    ...(principal?.accountEnabled === false ? ["service principal disabled (AADSTS7000112)"] : []),
    ...(application.web.redirectUris.includes(redirectUri) ? [] : ["redirect URI missing (AADSTS50011)"]),
    ...(secret ? [] : ["client secret not accepted (AADSTS7000215)"]),
  ];
  const lines = [
    ...(secret ? [html`secret ${describeSecretState(store, secret)}`] : []),
    ...problems.map(renderProblem),
  ];
  const isBad = problems.length > 0 || !secret || isExpired(store, secret);
  return renderBox("Application", application.displayName, renderList(lines), isBad ? "bad" : "");
}

function renderProvider(store: Store, account: Account, provider: IdentityProviderRecord): Html {
  if (provider.type !== "azureAD")
    return renderBox("Identity provider", provider.name, "one-time PINs by mail", "third");
  const { support_groups, pkce_enabled } = provider.config;
  const address = `https://${account.organization.authDomain}/cdn-cgi/access/test-idp/${provider.id}`;
  return renderBox(
    "Identity provider",
    provider.name,
    html`groups ${support_groups ? "on" : "off"}, PKCE ${pkce_enabled ? "on" : "off"}
<a class="button" href="${toBrowserUrl(store, address)}">Test<span class="unseen"> ${provider.name}</span></a>`,
  );
}

/** Renders the Access applications that accept the provider. */
function renderApplications(store: Store, account: Account, { id }: IdentityProviderRecord): Html {
  const applications = [...account.accessApplications.values()].filter(
    ({ allowedIdps }) => allowedIdps.length === 0 || allowedIdps.includes(id),
  );
  const links = applications.map(({ name, uris: [uri] }) => (uri ? renderLink(store, uri, name) : name));
  return renderBox(
    "Access applications",
    applications.length,
    renderList(links, html`<span class="quiet">none yet</span>`, MOST_APPLICATIONS),
  );
}
