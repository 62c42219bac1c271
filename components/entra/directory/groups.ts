import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { closest, distance } from "fastest-levenshtein";
import { OWN_IDENTITY_PROVIDER } from "../../../config/access/rules";
import { ACTION_NEEDED } from "../../../config/run";
import { GUID_PATTERN } from "../../../config/values/fields";

/** The groups that the last update found. */
export interface FormerGroups {
  /** Name of the identity provider; default: that of the stack's own tenant. */
  name?: string;
  /** Object ids by reference; default: none. */
  entraGroups?: Readonly<Record<string, string>> | undefined;
}

/**
 * Finds Entra groups of a tenant. A group that the last update found and this one does not keeps its object id, with a
 * warning: a rule that is out of date must not stop the update, which also replaces the client secret.
 *
 * @param references display names or object ids, e.g. "Engineers"
 * @returns object ids by reference
 * @throws RunError that lists every other group that is missing or ambiguous, and similar ones
 */
export async function findEntraGroups(
  references: Iterable<string>,
  opts: pulumi.InvokeOptions = {},
  former: FormerGroups = {},
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const problems: string[] = [];
  const names = [...new Set(references)].sort();
  const formerIds = new Map(Object.entries(former.entraGroups ?? {}));
  await Promise.all(
    names.map(async (name) => {
      const formerId = formerIds.get(name);
      const { id, problem } = await findGroup(name, opts).catch((error: Error) => {
        if (formerId === undefined) throw error;
        return { id: undefined, problem: `${formatReference(name)}: ${error.message}` };
      });
      if (id) found.set(name, id);
      if (problem && formerId === undefined) problems.push(problem);
      else if (problem) found.set(name, keepFormerId(problem, String(formerId), former.name));
    }),
  );
  if (problems.length === 0) return found;
  throw new pulumi.RunError(["Entra groups could not be resolved:", ...problems.sort()].join("\n  "));
}

function keepFormerId(problem: string, formerId: string, tenant = OWN_IDENTITY_PROVIDER): string {
  const prefix = tenant === OWN_IDENTITY_PROVIDER ? "" : `${tenant}: `;
  void pulumi.log.warn(
    `${ACTION_NEEDED}${prefix}Entra group ${problem.replace(/\.$/, "")}. The access rules keep the object id that it had ` +
      `at the last update, ${formerId}. Correct the group in access.groups.`,
  );
  return formerId;
}

interface SearchResult {
  id?: string | undefined;
  problem?: string;
}

const formatReference = (reference: string) =>
  GUID_PATTERN.test(reference) ? reference : JSON.stringify(reference);

const findGroup = (reference: string, opts: pulumi.InvokeOptions): Promise<SearchResult> =>
  GUID_PATTERN.test(reference) ? findById(reference, opts) : findByName(reference, opts);

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

/** Searches for groups. The provider treats an empty result as an error, and begins every other one with the same words. */
async function searchGroups(
  args: azuread.GetGroupsArgs,
  opts: pulumi.InvokeOptions,
): Promise<DirectoryGroup[]> {
  try {
    const { objectIds, displayNames } = await azuread.getGroups(args, opts);
    return objectIds.map((id, index) => ({ id, name: displayNames[index] ?? "" }));
  } catch (error) {
    const message = String(error);
    const [, cause] = /No groups? found with [^"]*"(?:\\.|[^"\\])*": (?!provider=)(.+)/s.exec(message) ?? [];
    if (cause !== undefined) throw new pulumi.RunError(`Could not search for Entra groups: ${cause.trim()}`);
    if (/No groups? found with/.test(message)) return [];
    throw error;
  }
}
