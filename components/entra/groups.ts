import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { closest, distance } from "fastest-levenshtein";
import { GUID_PATTERN } from "../../config/fields";

/**
 * Finds Entra groups of a tenant.
 *
 * @param references display names or object ids, e.g. "Engineers"
 * @returns object ids by reference
 * @throws RunError that lists every group that is missing or ambiguous, and similar ones
 */
export async function findEntraGroups(
  references: Iterable<string>,
  opts: pulumi.InvokeOptions = {},
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const problems: string[] = [];
  const names = [...new Set(references)].sort();
  await Promise.all(
    names.map(async (name) => {
      const { id, problem } = GUID_PATTERN.test(name)
        ? await findById(name, opts)
        : await findByName(name, opts);
      if (id) found.set(name, id);
      if (problem) problems.push(problem);
    }),
  );
  if (problems.length === 0) return found;
  throw new pulumi.RunError(["Entra groups could not be resolved:", ...problems.sort()].join("\n  "));
}

interface SearchResult {
  id?: string;
  problem?: string;
}

async function findById(id: string, opts: pulumi.InvokeOptions): Promise<SearchResult> {
  const groups = await searchGroups({ objectIds: [id] }, opts);
  const [found] = groups;
  return found ? { id: found.id } : { problem: `${id}: no group has this object id` };
}

async function findByName(name: string, opts: pulumi.InvokeOptions): Promise<SearchResult> {
  const groups = await searchGroups({ displayNamePrefix: name }, opts);
  // The directory ignores case, too.
  const same = groups.filter((group) => group.name.toLowerCase() === name.toLowerCase());
  const [found, another] = same;
  if (!found)
    return { problem: `"${name}": no group has this name; ${await describeSimilar(name, groups, opts)}` };
  if (!another) return { id: found.id };
  const ids = same.map(({ id }) => id).sort();
  return {
    problem: `"${name}": ${ids.length} groups have this name: ${ids.join(", ")}. Give the object id instead.`,
  };
}

interface DirectoryGroup {
  id: string;
  name: string;
}

async function describeSimilar(
  name: string,
  prefixed: DirectoryGroup[],
  opts: pulumi.InvokeOptions,
): Promise<string> {
  if (prefixed.length > 0) return `there is ${formatNames(prefixed)}`;
  const start = name.slice(0, 3);
  const similar = await searchGroups({ displayNamePrefix: start }, opts);
  if (similar.length === 0) return `none begins with "${start}"`;
  const candidate = closest(
    name,
    similar.map((group) => group.name),
  );
  return distance(name, candidate) <= 3 ? `did you mean "${candidate}"?` : `there is ${formatNames(similar)}`;
}

function formatNames(groups: DirectoryGroup[]): string {
  const names = groups.map(({ name }) => `"${name}"`).sort();
  return names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
}

/** Searches for groups. The provider treats an empty result as an error. */
async function searchGroups(
  args: azuread.GetGroupsArgs,
  opts: pulumi.InvokeOptions,
): Promise<DirectoryGroup[]> {
  try {
    const { objectIds, displayNames } = await azuread.getGroups(args, opts);
    return objectIds.map((id, index) => ({ id, name: displayNames[index] ?? "" }));
  } catch (error) {
    if (/No groups? found with/.test(String(error))) return [];
    throw error;
  }
}
