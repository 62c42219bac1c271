import { html } from "hono/html";
import { toBrowserUrl } from "../../http/names";
import type { Account, Destination, RawAccessRule, RuleLists } from "../../store/cloudflare/account";
import type { Store } from "../../store/store";
import { renderMoment } from "../moment";
import { type Cell, createTable, type Details, renderCode, renderList } from "../table";

/** Describes protected applications, policies, groups and service tokens. */
export function createProtectionTables(store: Store, account: Account): Details[] {
  const { accessApplications, accessGroups, accessPolicies, identityProviders } = account;
  const renderRules = (rules: RuleLists) => renderList(formatRules(rules, createNameLookup(store, account)));
  const applications = createTable({
    title: "Protected applications",
    columns: ["Name", "Destinations", "Identity providers", "Policies, in order"],
    rows: [...accessApplications.values()],
    cells: ({ name, type, domain, destinations, allowedIdps, policies }) => [
      name,
      type === "self_hosted" ? renderList(destinations.map((one) => renderDestination(store, one))) : domain,
      renderList(
        allowedIdps.map((id) => identityProviders.get(id)?.name ?? id),
        "all of the account's",
      ),
      renderList(
        policies.map(({ id }) => accessPolicies.get(id)?.name ?? id),
        "none: no one is admitted",
      ),
    ],
    empty: html`No application is protected. Create one with <code>POST /access/apps</code> of Cloudflare's API.`,
  });
  const policies = createTable({
    title: "Access policies",
    columns: ["Name", "Decision", "Rules"],
    rows: [...accessPolicies.values()],
    cells: (policy) => [policy.name, policy.decision, renderRules(policy)],
    empty: html`No policy. Create one with <code>POST /access/policies</code>.`,
  });
  const groups = createTable({
    title: "Access groups",
    columns: ["Name", "Rules"],
    rows: [...accessGroups.values()],
    cells: (group) => [group.name, renderRules(group)],
    empty: html`No rule group. Create one with <code>POST /access/groups</code>.`,
  });
  const tokens = createTable({
    title: "Service tokens",
    columns: ["Name", "Client ID", "Expires", "State"],
    rows: [...account.serviceTokens.values()],
    cells: ({ name, clientId, expiresAt, enabled }) => [
      name,
      renderCode(clientId),
      expiresAt === null ? "never" : renderMoment(expiresAt),
      enabled ? "on" : "off",
    ],
    empty: html`No service token. Create one with <code>POST /access/service_tokens</code>.`,
  });
  return [applications, policies, groups, tokens];
}

/** Renders a destination; a public one is a link if the twin serves it. */
function renderDestination(store: Store, one: Destination): Cell {
  if (one.type === "public") return renderLink(store, one.uri);
  const ports = [one.l4_protocol, one.port_range].filter(Boolean).join(" ");
  return `${one.cidr ?? one.hostname}${ports && `, ${ports}`} (private)`;
}

/** Renders a link to an address that the twin serves, and plain text for others. @param text default: the address */
export function renderLink(store: Store, uri: string, text = uri): Cell {
  const real = `https://${uri}`;
  const address = uri.includes("*") ? real : toBrowserUrl(store, real);
  return address === real ? text : html`<a href="${address}">${text}</a>`;
}

function formatRules({ include, require, exclude }: RuleLists, findName: (id: string) => string): string[] {
  const line = (how: string, rules: RawAccessRule[]) =>
    rules.length === 0 ? [] : [`${how} ${rules.map((rule) => formatRule(rule, findName)).join("; ")}`];
  return [...line("one of:", include), ...line("and all of:", require), ...line("but none of:", exclude)];
}

/** Formats a rule: `azureAD Engineers Entra ID`, `email_domain contoso.com`, `everyone`. */
function formatRule(rule: RawAccessRule, findName: (id: string) => string): string {
  return Object.entries(rule)
    .map(([type, values]) =>
      [type, ...Object.values(values).map((value) => findName(String(value)))].join(" "),
    )
    .join(", ");
}

/** Creates a function that translates the object ids in rules to display names. */
function createNameLookup(
  store: Store,
  { accessGroups, identityProviders, serviceTokens }: Account,
): (id: string) => string {
  return (id) =>
    (accessGroups.get(id) ?? identityProviders.get(id) ?? serviceTokens.get(id))?.name ??
    [...store.tenants.values()].map(({ groups }) => groups.get(id)?.displayName).find(Boolean) ??
    id;
}
