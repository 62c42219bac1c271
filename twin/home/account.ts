import { html } from "hono/html";
import { toBrowserUrl } from "../http/names";
import type { Html } from "../http/page";
import type { Account, EntraProvider } from "../store/account";
import { findApplicationByAppId, type Store } from "../store/store";
import { renderMailTable, renderSignInTable } from "./activity";
import { renderNetworks } from "./networks";
import { renderProtection } from "./protection";
import { type Cell, renderCode, renderFacts, renderTable } from "./table";

/** Renders the contents of a Cloudflare account. @param id of the section, for links to it */
export function renderAccountSection(store: Store, account: Account, id: string): Html {
  const { name, authDomain } = account.organization;
  return html`<section id="${id}" aria-labelledby="${id}-name"><h2 id="${id}-name">Account ${name}</h2>
${renderFacts({ "Account ID": renderCode(account.id), "Team domain": authDomain })}
${renderTable({
  title: `Identity providers of ${name}`,
  columns: ["Name", "Type", "Application", "Groups", "PKCE", "Sign in"],
  rows: [...account.identityProviders.values()],
  cells: (provider) => [
    provider.name,
    provider.type,
    ...(provider.type === "azureAD"
      ? renderEntraCells(store, account, provider)
      : ["none", "none", "none", ""]),
  ],
  empty: html`No identity provider. Create one with <code>npm run local</code>, or with <code>pulumi up</code> on a stack for this account.`,
})}
${renderProtection(store, account)}
${renderMailTable(store, name, [...account.mails.values()])}
${renderNetworks(account)}
${renderSignInTable(name, [...account.accessRequests.values()])}</section>`;
}

function renderEntraCells(store: Store, account: Account, provider: EntraProvider): Cell[] {
  return [
    describeApplication(store, provider),
    provider.config.support_groups ? "on" : "off",
    provider.config.pkce_enabled ? "on" : "off",
    html`<a class="button" href="${getTestUrl(store, account, provider)}">Test<span class="unseen"> ${provider.name}</span></a>`,
  ];
}

/** Returns the address that the Test button of Cloudflare's dashboard opens. */
function getTestUrl(store: Store, { organization }: Account, { id }: EntraProvider): string {
  return toBrowserUrl(store, `https://${organization.authDomain}/cdn-cgi/access/test-idp/${id}`);
}

/** Names the Entra application that the provider signs users in to, or the reason why it cannot. */
function describeApplication(store: Store, { config }: EntraProvider): string {
  const [directory, appId] = [String(config.directory_id).toLowerCase(), String(config.client_id)];
  const tenant = [...store.tenants.values()].find(({ id, domain }) => [id, domain].includes(directory));
  if (!tenant) return `no tenant ${directory} (AADSTS90002)`;
  const application = findApplicationByAppId(tenant, appId);
  return application
    ? `${application.displayName}, in tenant ${tenant.displayName}`
    : `no application ${appId} in tenant ${tenant.displayName} (AADSTS700016)`;
}
