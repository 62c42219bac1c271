import { html } from "hono/html";
import { browserUrl } from "../http/names";
import type { Html } from "../http/page";
import type { Account, EntraProvider } from "../store/account";
import { applicationByAppId, type Store } from "../store/store";
import { mailTable, signInTable } from "./activity";
import { networks } from "./networks";
import { protection } from "./protection";
import { type Cell, code, facts, table } from "./table";

/** What an account of Cloudflare Access holds. @param id of the section, for links to it */
export function accountSection(store: Store, account: Account, id: string): Html {
  const { name, authDomain } = account.organization;
  return html`<section id="${id}" aria-labelledby="${id}-name"><h2 id="${id}-name">Account ${name}</h2>
${facts({ "Account ID": code(account.id), "Team domain": authDomain })}
${table({
  title: `Identity providers of ${name}`,
  columns: ["Name", "Type", "Application", "Groups", "PKCE", "Sign in"],
  rows: [...account.identityProviders.values()],
  cells: (provider) => [
    provider.name,
    provider.type,
    ...(provider.type === "azureAD" ? entraCells(store, account, provider) : ["none", "none", "none", ""]),
  ],
  empty: html`No identity provider. <code>npm run local</code> makes one, and so does <code>pulumi up</code> on a stack for this account.`,
})}
${protection(store, account)}
${mailTable(store, name, [...account.mails.values()])}
${networks(account)}
${signInTable(name, [...account.accessRequests.values()])}</section>`;
}

function entraCells(store: Store, account: Account, provider: EntraProvider): Cell[] {
  return [
    applicationOf(store, provider),
    provider.config.support_groups ? "on" : "off",
    provider.config.pkce_enabled ? "on" : "off",
    html`<a class="button" href="${testAddress(store, account, provider)}">Test<span class="unseen"> ${provider.name}</span></a>`,
  ];
}

/** What the Test button of Cloudflare's dashboard opens. */
function testAddress(store: Store, { organization }: Account, { id }: EntraProvider): string {
  return browserUrl(store, `https://${organization.authDomain}/cdn-cgi/access/test-idp/${id}`);
}

/** Where people are sent to sign in, or what is wrong with that. */
function applicationOf(store: Store, { config }: EntraProvider): string {
  const [directory, appId] = [String(config.directory_id).toLowerCase(), String(config.client_id)];
  const tenant = [...store.tenants.values()].find(({ id, domain }) => [id, domain].includes(directory));
  if (!tenant) return `no tenant ${directory} (AADSTS90002)`;
  const application = applicationByAppId(tenant, appId);
  return application
    ? `${application.displayName}, in tenant ${tenant.displayName}`
    : `no application ${appId} in tenant ${tenant.displayName} (AADSTS700016)`;
}
