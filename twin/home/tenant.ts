import { html } from "hono/html";
import type { Html } from "../http/page";
import { findGroupsOfMember, findTransitiveGroups } from "../store/entra/directory";
import type { EntraTenant, ServicePrincipal } from "../store/entra/tenant";
import { findApplicationByAppId, findPrincipalByAppId, type Store } from "../store/store";
import { listConnections } from "./flow";
import { createJobTable } from "./jobs";
import { renderMoment } from "./moment";
import { describeSecretState, isExpired } from "./secret-state";
import {
  type Cell,
  createTable,
  type Details,
  renderCode,
  renderDetails,
  renderFacts,
  renderList,
} from "./table";

/** Renders the contents of an Entra tenant. */
export function renderTenant(store: Store, tenant: EntraTenant): Html {
  return html`${renderFacts({
    Domain: tenant.domain,
    "Directory (tenant) ID": renderCode(tenant.id),
    "Signs users in for": listConnections(store, tenant).join("; ") || "no account",
  })}
${renderDetails([
  createApplicationTable(tenant),
  createSecretTable(store, tenant),
  createUserTable(tenant),
  createGroupTable(tenant),
  createJobTable(tenant),
])}`;
}

function createApplicationTable(tenant: EntraTenant): Details {
  return createTable({
    title: "Applications",
    columns: [
      "Name",
      "Application (client) ID",
      "Redirect URIs",
      "Service principal",
      "Consented permissions",
    ],
    rows: [...tenant.applications.values()],
    cells: ({ appId, displayName, web }) => {
      const principal = findPrincipalByAppId(tenant, appId);
      return [
        displayName,
        renderCode(appId),
        renderList(web.redirectUris.map(renderCode), "none: no user can sign in"),
        principal
          ? describeServicePrincipal(tenant, principal)
          : "none: unknown in the tenant (AADSTS700016)",
        renderList(principal ? listConsents(tenant, principal) : []),
      ];
    },
    empty: html`No application is registered. Create one with <code>pulumi up</code> or <code>POST /v1.0/applications</code>.`,
  });
}

function createSecretTable(store: Store, tenant: EntraTenant): Details {
  const secrets = [...tenant.applications.values()].flatMap(({ displayName, passwords }) =>
    passwords.map((password) => ({ application: displayName, password })),
  );
  const expired = secrets.filter(({ password }) => isExpired(store, password)).length;
  return createTable({
    title: "Client secrets",
    alert: expired > 0 ? `${expired} expired` : undefined,
    columns: ["Application", "Description", "Hint", "Key ID", "Expires", "State"],
    rows: secrets,
    cells: ({ application, password }) => [
      application,
      password.displayName ?? "none",
      `${password.hint}…`,
      renderCode(password.keyId),
      renderMoment(password.endDateTime),
      describeSecretState(store, password),
    ],
    empty: "No client secret: no application can request tokens.",
  });
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

function createUserTable(tenant: EntraTenant): Details {
  const names = (groups: { displayName: string }[]) => groups.map(({ displayName }) => displayName);
  return createTable({
    title: "Users",
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

function createGroupTable(tenant: EntraTenant): Details {
  return createTable({
    title: "Groups",
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
  const { appId = "" } = tenant.servicePrincipals.get(id) ?? {};
  const application = findApplicationByAppId(tenant, appId);
  return (tenant.users.get(id) ?? tenant.groups.get(id) ?? application)?.displayName ?? id;
}
