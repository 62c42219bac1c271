import { html } from "hono/html";
import { toBrowserUrl } from "../http/names";
import type { Html } from "../http/page";
import type { AccessRules, Account, Destination, RawAccessRule } from "../store/account";
import type { Store } from "../store/store";
import { renderMoment } from "./moment";
import { type Cell, renderCode, renderList, renderTable } from "./table";

/** Renders protected applications, policies, groups and service tokens. */
export function renderProtection(store: Store, account: Account): Html {
  const { accessApplications, accessGroups, accessPolicies, identityProviders, organization } = account;
  const renderRules = (rules: AccessRules) =>
    renderList(formatRules(rules, createNameLookup(store, account)));
  const applications = renderTable({
    title: `Protected applications of ${organization.name}`,
    columns: ["Name", "Destinations", "Identity providers", "Policies, in order"],
    rows: [...accessApplications.values()],
    cells: ({ name, type, domain, destinations, allowedIdps, policies }) => [
      name,
      type === "warp" ? domain : renderList(destinations.map((one) => renderDestination(store, one))),
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
  const policies = renderTable({
    title: `Access policies of ${organization.name}`,
    columns: ["Name", "Decision", "Rules"],
    rows: [...accessPolicies.values()],
    cells: (policy) => [policy.name, policy.decision, renderRules(policy)],
    empty: html`No policy. Create one with <code>POST /access/policies</code>.`,
  });
  const groups = renderTable({
    title: `Access groups of ${organization.name}`,
    columns: ["Name", "Rules"],
    rows: [...accessGroups.values()],
    cells: (group) => [group.name, renderRules(group)],
    empty: html`No rule group. Create one with <code>POST /access/groups</code>.`,
  });
  const tokens = renderTable({
    title: `Service tokens of ${organization.name}`,
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
  return html`${applications}${policies}${groups}${tokens}`;
}

/** Renders a destination; a public one is a link if the twin serves it. */
function renderDestination(store: Store, one: Destination): Cell {
  if (one.type === "public") return renderLink(store, one.uri);
  const ports = [one.l4_protocol, one.port_range].filter(Boolean).join(" ");
  return `${one.cidr ?? one.hostname}${ports && `, ${ports}`} (private)`;
}

/** Renders a link to an address that the twin serves, and plain text for others. */
function renderLink(store: Store, uri: string): Cell {
  const real = `https://${uri}`;
  const address = uri.includes("*") ? real : toBrowserUrl(store, real);
  return address === real ? uri : html`<a href="${address}">${uri}</a>`;
}

function formatRules({ include, require, exclude }: AccessRules, findName: (id: string) => string): string[] {
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
