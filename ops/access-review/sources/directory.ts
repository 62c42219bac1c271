import type { Client } from "@microsoft/microsoft-graph-client";
import type { AppRoleAssignment, Group, User } from "@microsoft/microsoft-graph-types";
import { findServicePrincipal } from "../../clients/entra/service-principals";
import { listAllPages } from "../../clients/pages";
import { UserError } from "../../errors";
import type { Assignment, Directory, EntraGroup, Person } from "../decision/model";

export interface DirectoryQuery {
  readonly tenantId: string;
  /** Object ids of the Entra groups that rules name, in lower case. */
  readonly groupIds: readonly string[];
  /** Client ids of the applications through which people sign in, in lower case. */
  readonly clientIds: readonly string[];
  /** The names of all groups by object id, if they have been read already. */
  readonly names?: ReadonlyMap<string, string> | undefined;
  /** Called with what has been read so far, in words. */
  readonly onProgress?: ((text: string) => void) | undefined;
}

/** The maximum of Graph for directory objects. */
const PAGE = "$top=999";
/** Requests at once; Graph's limit for a tenant is far higher. */
const CONCURRENCY = 8;

/**
 * Reads people and groups of a tenant: people once, each group that a rule names and each group inside it once. The
 * direct members say which nested groups make somebody a member, and who is assigned; nested ones follow from them.
 *
 * @throws UserError where the caller lacks a permission
 */
export async function readDirectory(graph: Client, query: DirectoryQuery): Promise<Directory> {
  const { tenantId, onProgress } = query;
  const people = await readPeople(graph, tenantId, (count) => onProgress?.(`${count} people`));
  const positions = new Map(people.map(({ id }, position) => [id, position]));
  const assignments = new Map<string, Assignment>();
  for (const clientId of query.clientIds)
    assignments.set(clientId, await readAssignment(graph, clientId, positions));
  const assigned = [...assignments.values()].flatMap((one) => (one.required === true ? one.groups : []));
  const isNeeded = query.groupIds.length + assigned.length > 0;
  const names = query.names ?? (isNeeded ? await readGroupNames(graph, tenantId) : new Map<string, string>());
  const groups = new Map<string, EntraGroup>();
  const queue = [...new Set([...query.groupIds, ...assigned])];
  const seen = new Set(queue);
  const readNext = async (): Promise<void> => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      const group = await readGroup(graph, { id, name: names.get(id) }, positions);
      groups.set(id, group);
      onProgress?.(`${people.length} people, ${groups.size} of ${seen.size} groups`);
      const found = group.groups.filter((inner) => !seen.has(inner));
      for (const inner of found) {
        seen.add(inner);
        queue.push(inner);
      }
    }
  };
  // A reader may end before another one finds more groups, so readers start again until nothing is left.
  while (queue.length > 0) await Promise.all(Array.from({ length: CONCURRENCY }, readNext));
  return { tenantId, people, groups, assignments };
}

const USER_PROPERTIES = ["id", "displayName", "userPrincipalName", "mail", "userType", "accountEnabled"];

async function readPeople(
  graph: Client,
  tenantId: string,
  onPage: (count: number) => void,
): Promise<Person[]> {
  const path = `/users?$select=${USER_PROPERTIES.join(",")}&${PAGE}`;
  const users = await listAllPages<User>(graph, path, onPage).catch(
    nameMissingPermission(tenantId, "people", "User.Read.All"),
  );
  return users.map((user) => ({
    id: String(user.id).toLowerCase(),
    tenantId,
    name: user.displayName ?? "",
    signInName: user.userPrincipalName ?? "",
    mail: user.mail ?? null,
    isGuest: user.userType === "Guest",
    isEnabled: user.accountEnabled !== false,
  }));
}

/** Reads the names of all groups by object id, which takes fewer requests than one for each. */
export async function readGroupNames(graph: Client, tenantId: string): Promise<Map<string, string>> {
  const groups = await listAllPages<Group>(graph, `/groups?$select=id,displayName&${PAGE}`).catch(
    nameMissingPermission(tenantId, "groups", "GroupMember.Read.All"),
  );
  return new Map(groups.map(({ id, displayName }) => [String(id).toLowerCase(), displayName ?? ""]));
}

async function readGroup(
  graph: Client,
  { id, name }: { id: string; name: string | undefined },
  positions: ReadonlyMap<string, number>,
): Promise<EntraGroup> {
  if (name === undefined) return { id, name, people: new Int32Array(), groups: [] };
  const members = await listAllPages<{ id: string; "@odata.type"?: string }>(
    graph,
    `/groups/${id}/members?$select=id&${PAGE}`,
  );
  const ids = members.map((member) => member.id.toLowerCase());
  return {
    id,
    name,
    people: Int32Array.from(ids.flatMap((member) => positions.get(member) ?? [])),
    groups: ids.filter((_, index) => members[index]?.["@odata.type"] === "#microsoft.graph.group"),
  };
}

async function readAssignment(
  graph: Client,
  clientId: string,
  positions: ReadonlyMap<string, number>,
): Promise<Assignment> {
  try {
    const principal = await findServicePrincipal(graph, clientId);
    if (!principal) return { required: "unknown" };
    // Nobody can sign in to a disabled application.
    if (principal.accountEnabled === false) return { required: true, people: [], groups: [] };
    if (!principal.appRoleAssignmentRequired) return { required: false };
    const all = await listAllPages<AppRoleAssignment>(
      graph,
      `/servicePrincipals/${principal.id}/appRoleAssignedTo`,
    );
    const ids = all.map(({ principalId }) => String(principalId).toLowerCase());
    return {
      required: true,
      people: ids.flatMap((id) => positions.get(id) ?? []),
      groups: all.flatMap(({ principalType }, index) =>
        principalType === "Group" ? [String(ids[index])] : [],
      ),
    };
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 403) throw error;
    return { required: "unknown" };
  }
}

/** Creates the handler that names the missing permission where Graph refuses to answer. */
export function nameMissingPermission(tenantId: string, subject: string, permission: string) {
  return (error: { statusCode?: number }): never => {
    if (error.statusCode !== 403) throw error;
    throw new UserError(
      `the sign-in must have ${permission} on Microsoft Graph, to read the ${subject} of tenant ${tenantId}`,
      ["docs/commands/access.md says what is read, and what for."],
    );
  };
}
