import { html } from "hono/html";
import type { Html } from "../http/page";
import { findGroupsOfMember, findTransitiveGroups } from "../store/directory";
import { findPrincipalByAppId, type Store } from "../store/store";
import type { AppRegistration, EntraTenant, Password, ServicePrincipal } from "../store/tenant";
import { formatRelativeTime, renderMoment } from "./moment";
import { type Cell, renderCode, renderFacts, renderFirst, renderList, renderTable } from "./table";

/** Renders the contents of an Entra tenant. @param id of the section, for links to it */
export function renderTenantSection(store: Store, tenant: EntraTenant, id: string): Html {
  const name = tenant.displayName;
  const applications = [...tenant.applications.values()];
  return html`<section id="${id}" aria-labelledby="${id}-name"><h2 id="${id}-name">Tenant ${name}</h2>
${renderFacts({ "Directory (tenant) ID": renderCode(tenant.id), Domain: tenant.domain })}
<h3>Applications of ${name}</h3>
${applications.length === 0 ? html`<p class="empty">No application is registered. Create one with <code>pulumi up</code> or <code>POST /v1.0/applications</code>.</p>` : ""}
${renderFirst(
  applications,
  (application) => renderApplication(store, tenant, application),
  (shown) => html`${shown}`,
)}
${renderUsers(tenant)}
${renderGroups(tenant)}</section>`;
}

function renderApplication(store: Store, tenant: EntraTenant, application: AppRegistration): Html {
  const { appId, displayName, web, passwords } = application;
  const principal = findPrincipalByAppId(tenant, appId);
  return html`<article aria-labelledby="${application.id}"><h4 id="${application.id}">${displayName}</h4>
${renderFacts({
  "Application (client) ID": renderCode(appId),
  "Redirect URIs": renderList(web.redirectUris.map(renderCode), "none: no user can sign in"),
  "Service principal": principal
    ? describeServicePrincipal(tenant, principal)
    : "none: unknown in the tenant (AADSTS700016)",
  "Consented permissions": renderList(principal ? listConsents(tenant, principal) : []),
})}
${renderTable({
  title: `Client secrets of ${displayName}`,
  level: 5,
  columns: ["Hint", "Description", "Key ID", "Expires", "State"],
  rows: passwords,
  cells: (password) => [
    html`<code>${password.hint}…</code>`,
    password.displayName ?? "none",
    renderCode(password.keyId),
    renderMoment(password.endDateTime),
    describeSecretState(store, password),
  ],
  empty: "No client secret: it cannot request tokens.",
})}</article>`;
}

function describeServicePrincipal(
  tenant: EntraTenant,
  { id, accountEnabled, appRoleAssignmentRequired }: ServicePrincipal,
): Cell {
  if (!accountEnabled) return "disabled: neither users nor the application itself can sign in";
  if (!appRoleAssignmentRequired) return "enabled for all users of the tenant";
  const assigned = [...tenant.appRoleAssignments.values()]
    .filter(({ resourceId }) => resourceId === id)
    .map(({ principalId }) => findDisplayName(tenant, principalId));
  return `enabled for assigned principals: ${assigned.join(", ") || "none"}`;
}

function listConsents(tenant: EntraTenant, { id, applicationPermissions }: ServicePrincipal): string[] {
  const delegated = [...tenant.grants.values()]
    .filter(({ clientId }) => clientId === id)
    .map(({ scope, principalId }) => {
      const who = principalId ? findDisplayName(tenant, principalId) : "all users";
      return `on behalf of ${who}: ${scope.split(" ").join(", ")}`;
    });
  const own = applicationPermissions.length === 0 ? [] : [`as itself: ${applicationPermissions.join(", ")}`];
  return [...delegated, ...own];
}

function describeSecretState(store: Store, password: Password): Cell {
  const now = store.now();
  const [start, end] = [new Date(password.startDateTime), new Date(password.endDateTime)];
  if (end <= now) return html`<strong class="error">expired ${formatRelativeTime(now, end)}</strong>`;
  if (start > now) return `starts ${formatRelativeTime(now, start)}`;
  return store.hasPropagated(password)
    ? `expires ${formatRelativeTime(now, end)}`
    : "new: not valid at sign-in yet";
}

function renderUsers(tenant: EntraTenant): Html {
  const names = (groups: { displayName: string }[]) => groups.map(({ displayName }) => displayName);
  return renderTable({
    title: `Users of ${tenant.displayName}`,
    columns: ["Name", "User principal name", "Type", "Sign-in", "Groups"],
    rows: [...tenant.users.values()],
    cells: (user) => {
      const direct = findGroupsOfMember(tenant, user.id);
      const nested = findTransitiveGroups(tenant, user.id).filter((group) => !direct.includes(group));
      const all = [...names(direct), ...names(nested).map((name) => `${name} (nested)`)];
      return [
        user.displayName,
        user.userPrincipalName,
        [user.userType, ...user.roles].join(", "),
        user.accountEnabled ? `enabled${user.secondFactor ? " with a second factor" : ""}` : "disabled",
        all.join(", ") || "none",
      ];
    },
    empty: "No users: they come from a seed.",
  });
}

function renderGroups(tenant: EntraTenant): Html {
  return renderTable({
    title: `Groups of ${tenant.displayName}`,
    columns: ["Name", "Object ID", "Members"],
    rows: [...tenant.groups.values()],
    cells: ({ displayName, id, members }) => [
      displayName,
      renderCode(id),
      renderList(members.map((member) => findDisplayName(tenant, member))),
    ],
    empty: "No groups: they come from a seed, or from POST /v1.0/groups.",
  });
}

/** Returns the display name of a user, group or service principal. */
function findDisplayName(tenant: EntraTenant, id: string): string {
  const appId = tenant.servicePrincipals.get(id)?.appId;
  const application = [...tenant.applications.values()].find((each) => each.appId === appId);
  return (tenant.users.get(id) ?? tenant.groups.get(id) ?? application)?.displayName ?? id;
}
