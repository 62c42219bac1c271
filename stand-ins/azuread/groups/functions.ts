import { createHash } from "node:crypto";
import type { FunctionDefinition } from "../../bridge/resource";
import { boolean, listOf, string } from "../../bridge/table/properties";
import type { Properties } from "../../bridge/values";
import { escapeQuotes, type GraphApi } from "../microsoft-graph/client";
import { checkExactlyOne } from "../microsoft-graph/exactly-one";
import { expectGuid, expectNotEmpty } from "../microsoft-graph/expectations";
import { withSummary } from "../microsoft-graph/identity";

/** `azuread:index/getGroups:getGroups`: several groups, by one of its arguments. */
export const getGroups: FunctionDefinition<GraphApi> = {
  table: {
    displayNamePrefix: string({ expect: expectNotEmpty }),
    displayNames: listOf(string({ expect: expectNotEmpty })),
    ignoreMissing: boolean(),
    mailEnabled: boolean(),
    objectIds: listOf(string({ expect: expectGuid })),
    returnAll: boolean({ unsupported: true }),
    securityEnabled: boolean(),
  },
  validate: (args) => checkExactlyOne(args, "displayNamePrefix", "displayNames", "objectIds", "returnAll"),
  async invoke(graph, args) {
    const groups = await listGroups(graph, args);
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

async function listGroups(graph: GraphApi, args: Properties): Promise<Properties[]> {
  const { displayNamePrefix: prefix, ignoreMissing } = args;
  if (prefix) {
    const condition = [
      ...buildFlagFilters(args),
      `startsWith(displayName, '${escapeQuotes(String(prefix))}')`,
    ].join(" and ");
    const none = `[display_name_prefix] No groups found with display name prefix: "${prefix}"`;
    const all = await withSummary(none, () => search(graph, condition));
    if (all.length === 0) throw new Error(none);
    return all;
  }
  const groups: Properties[] = [];
  for (const name of Array.isArray(args.displayNames) ? args.displayNames : []) {
    const found = await withSummary(`[display_names] No group found with display name: "${name}"`, () =>
      search(
        graph,
        [...buildFlagFilters(args), `displayName eq '${escapeQuotes(String(name))}'`].join(" and "),
      ),
    );
    if (found.length > 1)
      throw new Error(`[display_names] More than one group found with display name: "${name}"`);
    if (found.length === 0 && !ignoreMissing)
      throw new Error(`[display_names] No group found with display name: "${name}"`);
    groups.push(...found);
  }
  for (const id of Array.isArray(args.objectIds) ? args.objectIds : []) {
    const found = await withSummary(`[object_id] Retrieving group with object ID: "${id}"`, () =>
      graph.find(`/beta/groups/${id}`),
    );
    if (!found && !ignoreMissing) throw new Error(`[object_id] No group found with object ID: "${id}"`);
    if (found) groups.push(found);
  }
  return groups;
}

function search(graph: GraphApi, condition: string): Promise<Properties[]> {
  return graph.list("/beta/groups", `$filter=${encodeURIComponent(condition)}`);
}

function buildFlagFilters(args: Properties): string[] {
  return ["mailEnabled", "securityEnabled"].flatMap((name) =>
    args[name] === undefined ? [] : [`${name} eq ${args[name]}`],
  );
}
