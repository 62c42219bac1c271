/** The azuread plugin's look-ups of groups. */
import { createHash } from "node:crypto";
import type { Graph } from "../microsoft-graph/client";
import { exactlyOne } from "../microsoft-graph/exactly-one";
import { guid, notEmpty } from "../microsoft-graph/expectations";
import { naming } from "../microsoft-graph/identity";
import { flag, listOf, text } from "../properties";
import type { Invoked } from "../resource";
import type { Properties } from "../values";
import { readGroup } from "./wire";

/** `azuread:index/getGroup:getGroup`: exactly one group, by object id or by display name. */
export const getGroup: Invoked<Graph> = {
  table: {
    displayName: text({ expect: notEmpty }),
    includeTransitiveMembers: flag({ unsupported: true }),
    mailEnabled: flag(),
    mailNickname: text({ expect: notEmpty }),
    objectId: text({ expect: guid }),
    securityEnabled: flag(),
  },
  validate: (args) =>
    exactlyOne(args, { displayName: "display_name", mailNickname: "mail_nickname", objectId: "object_id" }),
  async invoke(graph, args) {
    const found = args.objectId ? await byId(graph, String(args.objectId)) : await bySearch(graph, args);
    return { ...(await readGroup(graph, found)), includeTransitiveMembers: false };
  },
};

async function bySearch(graph: Graph, args: Properties): Promise<Properties> {
  const property = args.displayName ? "displayName" : "mailNickname";
  const condition = [equals(property, args[property]), ...flags(args)].join(" and ");
  const all = await naming(`Retrieving groups for filter (${condition})`, () => search(graph, condition));
  const [found, another] = all;
  const path = property === "displayName" ? "[display_name]" : "[mail_nickname]";
  if (another) throw new Error(`${path} More than one group found matching specified filter (${condition})`);
  if (!found) throw new Error(`${path} No group found matching specified filter (${condition})`);
  return found;
}

async function byId(graph: Graph, id: string): Promise<Properties> {
  const found = await naming(`Retrieving group with object ID: "${id}"`, () =>
    graph.find(`/beta/groups/${id}`),
  );
  if (!found) throw new Error(`[object_id] No group found with object ID: "${id}"`);
  return found;
}

/** `azuread:index/getGroups:getGroups`: several, by one of four ways. */
export const getGroups: Invoked<Graph> = {
  table: {
    displayNamePrefix: text({ expect: notEmpty }),
    displayNames: listOf(text({ expect: notEmpty })),
    ignoreMissing: flag(),
    mailEnabled: flag(),
    objectIds: listOf(text({ expect: guid })),
    returnAll: flag(),
    securityEnabled: flag(),
  },
  validate: (args) =>
    exactlyOne(args, {
      displayNamePrefix: "display_name_prefix",
      displayNames: "display_names",
      objectIds: "object_ids",
      returnAll: "return_all",
    }),
  async invoke(graph, args) {
    const groups = await listed(graph, args);
    const names = groups.map(({ displayName }) => String(displayName));
    return {
      ...args,
      id: `groups#${createHash("sha1").update(names.join("-")).digest("base64url")}`,
      displayNamePrefix: args.displayNamePrefix ?? "",
      displayNames: names,
      ignoreMissing: args.ignoreMissing ?? false,
      objectIds: groups.map(({ id }) => String(id)),
    };
  },
};

async function listed(graph: Graph, args: Properties): Promise<Properties[]> {
  const { displayNamePrefix: prefix, ignoreMissing } = args;
  if (args.returnAll) {
    const all = await naming("Could not retrieve groups", () => search(graph, flags(args).join(" and ")));
    if (all.length === 0) throw new Error("[return_all] No groups found");
    return all;
  }
  if (prefix) {
    const condition = [...flags(args), `startsWith(displayName, '${quoted(prefix)}')`].join(" and ");
    const none = `[display_name_prefix] No groups found with display name prefix: "${prefix}"`;
    const all = await naming(none, () => search(graph, condition));
    if (all.length === 0) throw new Error(none);
    return all;
  }
  const groups: Properties[] = [];
  for (const name of Array.isArray(args.displayNames) ? args.displayNames : []) {
    const found = await naming(`[display_names] No group found with display name: "${name}"`, () =>
      search(graph, [...flags(args), equals("displayName", name)].join(" and ")),
    );
    if (found.length > 1)
      throw new Error(`[display_names] More than one group found with display name: "${name}"`);
    if (found.length === 0 && !ignoreMissing)
      throw new Error(`[display_names] No group found with display name: "${name}"`);
    groups.push(...found);
  }
  for (const id of Array.isArray(args.objectIds) ? args.objectIds : []) {
    const found = await naming(`[object_id] Retrieving group with object ID: "${id}"`, () =>
      graph.find(`/beta/groups/${id}`),
    );
    if (!found && !ignoreMissing) throw new Error(`[object_id] No group found with object ID: "${id}"`);
    if (found) groups.push(found);
  }
  return groups;
}

function search(graph: Graph, condition: string): Promise<Properties[]> {
  return graph.list("/beta/groups", condition && `$filter=${encodeURIComponent(condition)}`);
}

function flags(args: Properties): string[] {
  return ["mailEnabled", "securityEnabled"].flatMap((name) =>
    args[name] === undefined ? [] : [`${name} eq ${args[name]}`],
  );
}

const equals = (property: string, value: unknown) => `${property} eq '${quoted(value)}'`;
const quoted = (value: unknown) => String(value).replaceAll("'", "''");
