import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { closest, distance } from "fastest-levenshtein";

/** Display names and object ids of Entra groups, as settings give them, with the object id that each stands for. */
export type FoundGroups = ReadonlyMap<string, string>;

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Looks up the Entra groups of a tenant, which must be there, once each.
 *
 * @param wanted display names or object ids, e.g. "Engineers"
 * @throws RunError with every one that is missing or ambiguous, and what was found instead
 */
export async function findEntraGroups(
  wanted: Iterable<string>,
  opts: pulumi.InvokeOptions = {},
): Promise<FoundGroups> {
  const found = new Map<string, string>();
  const problems: string[] = [];
  const names = [...new Set(wanted)].sort();
  await Promise.all(
    names.map(async (name) => {
      const { id, problem } = guid.test(name) ? await byId(name, opts) : await byName(name, opts);
      if (id) found.set(name, id);
      if (problem) problems.push(problem);
    }),
  );
  if (problems.length === 0) return found;
  throw new pulumi.RunError(["Entra groups that were not found:", ...problems.sort()].join("\n  "));
}

interface Answer {
  id?: string;
  problem?: string;
}

async function byId(id: string, opts: pulumi.InvokeOptions): Promise<Answer> {
  const groups = await search({ objectIds: [id] }, opts);
  const [found] = groups;
  return found ? { id: found.id } : { problem: `${id}: no group has this object id` };
}

async function byName(name: string, opts: pulumi.InvokeOptions): Promise<Answer> {
  const groups = await search({ displayNamePrefix: name }, opts);
  // As the directory compares them.
  const same = groups.filter((group) => group.name.toLowerCase() === name.toLowerCase());
  const [found, another] = same;
  if (!found) return { problem: `"${name}": no group has this name; ${await nearest(name, groups, opts)}` };
  if (!another) return { id: found.id };
  const ids = same.map(({ id }) => id).sort();
  return {
    problem: `"${name}": ${ids.length} groups have this name: ${ids.join(", ")}. Give the object id instead.`,
  };
}

interface Found {
  id: string;
  name: string;
}

async function nearest(name: string, longer: Found[], opts: pulumi.InvokeOptions): Promise<string> {
  if (longer.length > 0) return `there is ${listed(longer)}`;
  const start = name.slice(0, 3);
  const like = await search({ displayNamePrefix: start }, opts);
  if (like.length === 0) return `none begins with "${start}"`;
  const candidate = closest(
    name,
    like.map((group) => group.name),
  );
  return distance(name, candidate) <= 3 ? `did you mean "${candidate}"?` : `there is ${listed(like)}`;
}

function listed(groups: Found[]): string {
  const names = groups.map(({ name }) => `"${name}"`).sort();
  return names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
}

/** The provider fails where there is none. */
async function search(args: azuread.GetGroupsArgs, opts: pulumi.InvokeOptions): Promise<Found[]> {
  try {
    const { objectIds, displayNames } = await azuread.getGroups(args, opts);
    return objectIds.map((id, index) => ({ id, name: displayNames[index] ?? "" }));
  } catch (error) {
    if (/No groups? found with/.test(String(error))) return [];
    throw error;
  }
}
