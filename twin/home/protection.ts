import { html } from "hono/html";
import { browserUrl } from "../http/names";
import type { Html } from "../http/page";
import type { AccessRule, AccessRules, Account, Destination } from "../store/account";
import type { Store } from "../store/store";
import { moment } from "./moment";
import { type Cell, code, list, table } from "./table";

/** What Access protects, and whom it lets in. */
export function protection(store: Store, account: Account): Html {
  const { accessApplications, accessGroups, accessPolicies, identityProviders, organization } = account;
  const who = (rules: AccessRules) => list(ruleLines(rules, nameIn(store, account)));
  const applications = table({
    title: `Protected applications of ${organization.name}`,
    columns: ["Name", "Where", "Identity providers", "Policies, in order"],
    rows: [...accessApplications.values()],
    cells: ({ name, type, domain, destinations, allowedIdps, policies }) => [
      name,
      type === "warp" ? domain : list(destinations.map((one) => where(store, one))),
      list(
        allowedIdps.map((id) => identityProviders.get(id)?.name ?? id),
        "all of the account",
      ),
      list(
        policies.map(({ id }) => accessPolicies.get(id)?.name ?? id),
        "none: nobody gets in",
      ),
    ],
    empty: html`No application is protected. <code>POST /access/apps</code> of Cloudflare's API makes one.`,
  });
  const policies = table({
    title: `Access policies of ${organization.name}`,
    columns: ["Name", "Decision", "Who"],
    rows: [...accessPolicies.values()],
    cells: (policy) => [policy.name, policy.decision, who(policy)],
    empty: html`No policy. <code>POST /access/policies</code> makes one.`,
  });
  const groups = table({
    title: `Access groups of ${organization.name}`,
    columns: ["Name", "Who"],
    rows: [...accessGroups.values()],
    cells: (group) => [group.name, who(group)],
    empty: html`No rule group. <code>POST /access/groups</code> makes one.`,
  });
  const tokens = table({
    title: `Service tokens of ${organization.name}`,
    columns: ["Name", "Client ID", "Ends", "State"],
    rows: [...account.serviceTokens.values()],
    cells: ({ name, clientId, expiresAt, enabled }) => [
      name,
      code(clientId),
      expiresAt === null ? "never" : moment(expiresAt),
      enabled ? "on" : "off",
    ],
    empty: html`No service token. <code>POST /access/service_tokens</code> makes one.`,
  });
  return html`${applications}${policies}${groups}${tokens}`;
}

/** A link where the twin serves it; what is private is only named. */
function where(store: Store, one: Destination): Cell {
  if (one.type === "public") return link(store, one.uri);
  const ports = [one.l4_protocol, one.port_range].filter(Boolean).join(" ");
  return `${one.cidr ?? one.hostname}${ports && `, ${ports}`} (private)`;
}

/** Opens what the twin serves; the rest is only named. */
function link(store: Store, uri: string): Cell {
  const real = `https://${uri}`;
  const address = uri.includes("*") ? real : browserUrl(store, real);
  return address === real ? uri : html`<a href="${address}">${uri}</a>`;
}

function ruleLines({ include, require, exclude }: AccessRules, nameOf: (id: string) => string): string[] {
  const line = (how: string, rules: AccessRule[]) =>
    rules.length === 0 ? [] : [`${how} ${rules.map((rule) => ruleWords(rule, nameOf)).join("; ")}`];
  return [...line("one of:", include), ...line("and all of:", require), ...line("but none of:", exclude)];
}

/** `azureAD Engineers Entra ID`, `email_domain contoso.com`, `everyone`. */
function ruleWords(rule: AccessRule, nameOf: (id: string) => string): string {
  return Object.entries(rule)
    .map(([type, values]) => [type, ...Object.values(values).map((value) => nameOf(String(value)))].join(" "))
    .join(", ");
}

/** Rules name objects by id, people know them by name. */
function nameIn(
  store: Store,
  { accessGroups, identityProviders, serviceTokens }: Account,
): (id: string) => string {
  return (id) =>
    (accessGroups.get(id) ?? identityProviders.get(id) ?? serviceTokens.get(id))?.name ??
    [...store.tenants.values()].map(({ groups }) => groups.get(id)?.displayName).find(Boolean) ??
    id;
}
