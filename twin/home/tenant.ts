import { html } from "hono/html";
import type { Html } from "../http/page";
import { groupsOf, transitiveGroupsOf } from "../store/directory";
import { type Store, servicePrincipalByAppId } from "../store/store";
import type { Application, Password, ServicePrincipal, Tenant } from "../store/tenant";
import { fromNow, moment } from "./moment";
import { type Cell, code, facts, list, some, table } from "./table";

/** What a tenant of Entra holds. @param id of the section, for links to it */
export function tenantSection(store: Store, tenant: Tenant, id: string): Html {
  const name = tenant.displayName;
  const applications = [...tenant.applications.values()];
  return html`<section id="${id}" aria-labelledby="${id}-name"><h2 id="${id}-name">Tenant ${name}</h2>
${facts({ "Directory (tenant) ID": code(tenant.id), Domain: tenant.domain })}
<h3>Applications of ${name}</h3>
${applications.length === 0 ? html`<p class="empty">No application is registered. <code>pulumi up</code> makes one, or <code>POST /v1.0/applications</code>.</p>` : ""}
${some(
  applications,
  (application) => applicationPart(store, tenant, application),
  (shown) => html`${shown}`,
)}
${people(tenant)}
${groups(tenant)}</section>`;
}

function applicationPart(store: Store, tenant: Tenant, application: Application): Html {
  const { appId, displayName, web, passwords } = application;
  const principal = servicePrincipalByAppId(tenant, appId);
  return html`<article aria-labelledby="${application.id}"><h4 id="${application.id}">${displayName}</h4>
${facts({
  "Application (client) ID": code(appId),
  "Redirect URIs": list(web.redirectUris.map(code), "none: nobody can sign in to it"),
  "Service principal": principal
    ? standing(tenant, principal)
    : "none: the tenant does not know it (AADSTS700016)",
  "Consented permissions": list(principal ? consents(tenant, principal) : []),
})}
${table({
  title: `Client secrets of ${displayName}`,
  level: 5,
  columns: ["Hint", "Description", "Key ID", "Ends", "State"],
  rows: passwords,
  cells: (password) => [
    html`<code>${password.hint}…</code>`,
    password.displayName ?? "none",
    code(password.keyId),
    moment(password.endDateTime),
    state(store, password),
  ],
  empty: "No client secret: it cannot ask for tokens.",
})}</article>`;
}

function standing(tenant: Tenant, { id, accountEnabled, appRoleAssignmentRequired }: ServicePrincipal): Cell {
  if (!accountEnabled) return "disabled: nobody can sign in, and the application itself cannot either";
  if (!appRoleAssignmentRequired) return "enabled, for everybody in the tenant";
  const assigned = [...tenant.appRoleAssignments.values()]
    .filter(({ resourceId }) => resourceId === id)
    .map(({ principalId }) => nameOf(tenant, principalId));
  return `enabled, for who is assigned: ${assigned.join(", ") || "nobody"}`;
}

function consents(tenant: Tenant, { id, applicationPermissions }: ServicePrincipal): string[] {
  const delegated = [...tenant.grants.values()]
    .filter(({ clientId }) => clientId === id)
    .map(({ scope, principalId }) => {
      const who = principalId ? nameOf(tenant, principalId) : "everybody";
      return `on behalf of ${who}: ${scope.split(" ").join(", ")}`;
    });
  const own = applicationPermissions.length === 0 ? [] : [`as itself: ${applicationPermissions.join(", ")}`];
  return [...delegated, ...own];
}

function state(store: Store, password: Password): Cell {
  const now = store.now();
  const [start, end] = [new Date(password.startDateTime), new Date(password.endDateTime)];
  if (end <= now) return html`<strong class="error">expired ${fromNow(now, end)}</strong>`;
  if (start > now) return `starts ${fromNow(now, start)}`;
  return store.hasSpread(password) ? `ends ${fromNow(now, end)}` : "new: sign-in has not heard of it yet";
}

function people(tenant: Tenant): Html {
  const names = (groups: { displayName: string }[]) => groups.map(({ displayName }) => displayName);
  return table({
    title: `People of ${tenant.displayName}`,
    columns: ["Name", "User principal name", "Type", "Sign-in", "Groups"],
    rows: [...tenant.users.values()],
    cells: (user) => {
      const direct = groupsOf(tenant, user.id);
      const nested = transitiveGroupsOf(tenant, user.id).filter((group) => !direct.includes(group));
      const all = [...names(direct), ...names(nested).map((name) => `${name} (by a group in it)`)];
      return [
        user.displayName,
        user.userPrincipalName,
        [user.userType, ...user.roles].join(", "),
        user.accountEnabled ? `enabled${user.secondFactor ? ", with a second factor" : ""}` : "disabled",
        all.join(", ") || "none",
      ];
    },
    empty: "Nobody is in this tenant: a seed has users.",
  });
}

function groups(tenant: Tenant): Html {
  return table({
    title: `Groups of ${tenant.displayName}`,
    columns: ["Name", "Object ID", "Members"],
    rows: [...tenant.groups.values()],
    cells: ({ displayName, id, members }) => [
      displayName,
      code(id),
      list(members.map((member) => nameOf(tenant, member))),
    ],
    empty: "No group: a seed has groups, or POST /v1.0/groups makes one.",
  });
}

/** What people call a user, a group or a service principal. */
function nameOf(tenant: Tenant, id: string): string {
  const appId = tenant.servicePrincipals.get(id)?.appId;
  const application = [...tenant.applications.values()].find((each) => each.appId === appId);
  return (tenant.users.get(id) ?? tenant.groups.get(id) ?? application)?.displayName ?? id;
}
