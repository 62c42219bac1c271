import { OWN_IDENTITY_PROVIDER } from "../../../config/access/rules";
import { UserError } from "../../errors";
import type { DeclaredResource, FindImport } from "../../stacks/state/imports";
import type { StateResource } from "../../stacks/state/state";
import type { Candidate, ResourceInputs, ResourceSearch, SearchContext } from "./search";
import { getResourceSearch } from "./table";

/** What a person decided about objects that the search could not settle, by the names of resources. */
export interface OrphanDecisions {
  /** Ids of the objects to import. */
  readonly imports: ReadonlyMap<string, string>;
  /** Resources to create although similar objects exist. */
  readonly creates: ReadonlySet<string>;
}

export interface OrphanSearchOptions {
  readonly stackName: string;
  /** The state's resources by type and name, joined by a space. */
  readonly resources: ReadonlyMap<string, StateResource>;
  /** The tenants by name. */
  readonly contexts: ReadonlyMap<string, SearchContext>;
  /** Tenants whose marked objects are not looked for. */
  readonly skipped: ReadonlySet<string>;
  readonly decisions: OrphanDecisions;
  /** Tells if an earlier run may have left an object without a mark behind. */
  readonly wasInterrupted: () => Promise<boolean>;
  /** Reads the ids of all objects in the states of the other stacks of the backend. */
  readonly readForeignIds: () => Promise<ReadonlySet<string>>;
}

/**
 * Creates the function that decides for each resource of the program, when its inputs are known, whether an interrupted
 * run has created it. It is imported if there is exactly one object with its identity and settings, and no state has it.
 */
export function createOrphanSearch(options: OrphanSearchOptions): FindImport {
  const { resources, contexts, decisions } = options;
  const ownIds = listDeployedIds(resources);

  return async ({ type, name, inputs }) => {
    const search = getResourceSearch(type);
    if (!search || hasResource(search, resources.get(`${type} ${name}`), inputs)) return undefined;
    const signIn = search.isOwnTenant ? OWN_IDENTITY_PROVIDER : findTenant(name, [...contexts.keys()]);
    const context = contexts.get(signIn);
    if (!context) return undefined;
    const format = (id: string) =>
      search.readImportId?.(context, id, inputs) ??
      search.formatImportId?.(id, context.clouds.accountId, inputs) ??
      id;
    const chosen = decisions.imports.get(name);
    if (chosen !== undefined) {
      refuseOwnId(chosen, name, resources);
      if ((await options.readForeignIds()).has(chosen))
        throw new UserError(
          `--import ${name}=${chosen}: must be the id of an object that no stack has; found that of another stack of this backend`,
          ["Use it without an import where a setting takes an id, or remove it from the other stack first."],
        );
      return format(chosen);
    }

    const isMarked = search.isMarked?.(inputs) === true;
    if (isMarked ? options.skipped.has(signIn) : !(await options.wasInterrupted())) return undefined;
    const all = (await search.find(context, inputs)).filter(({ id }) => !ownIds.has(id));
    if (all.length === 0 || decisions.creates.has(name)) return undefined;
    const foreignIds = isMarked ? new Set() : await options.readForeignIds();
    const candidates = all.filter(({ id }) => !foreignIds.has(id) && !ownIds.has(id));
    const [candidate, second] = candidates;
    if (!candidate) return undefined;
    if (second || candidate.differences.length > 0)
      throw createProblem({ type, name, inputs }, search, candidates, options.stackName);
    // Another resource must not import the same object.
    ownIds.add(candidate.id);
    return format(candidate.id);
  };
}

/** Lists the ids of all objects in the state. */
export function listDeployedIds(resources: OrphanSearchOptions["resources"]): Set<string> {
  return new Set([...resources.values()].flatMap(({ id }) => (id ? [getLastPart(id)] : [])));
}

/** Tells whether the state has the resource, and the new inputs would not make the engine replace it. */
function hasResource(
  { replacedBy = [] }: ResourceSearch,
  resource: StateResource | undefined,
  inputs: ResourceInputs,
): boolean {
  return resource !== undefined && replacedBy.every((key) => resource.inputs?.[key] === inputs[key]);
}

/** Refuses to import an object twice: the engine would delete it with the other resource. */
function refuseOwnId(id: string, name: string, resources: OrphanSearchOptions["resources"]): void {
  const owner = [...resources].find(([, resource]) => resource.id && getLastPart(resource.id) === id);
  if (!owner) return;
  throw new UserError(
    `--import ${name}=${id}: must be the id of an object that no resource of the stack has; found that of ${owner[0].split(" ")[1]}`,
    [`If the settings call it ${name} now, undo that, or delete the other resource first.`],
  );
}

/** The names of a tenant's resources begin with its own. */
function findTenant(resource: string, tenants: readonly string[]): string {
  const matching = tenants.filter((signIn) => resource.startsWith(`${signIn}-`));
  return matching.toSorted((one, other) => other.length - one.length)[0] ?? OWN_IDENTITY_PROVIDER;
}

function createProblem(
  { name, inputs }: DeclaredResource,
  { label, isUnique = false }: ResourceSearch,
  candidates: readonly Candidate[],
  stack: string,
): UserError {
  const found = candidates.map(
    ({ id, differences }) =>
      `${id}${differences.length > 0 ? ` (another value of ${differences.join(", ")})` : ""}`,
  );
  const title = [label, inputs.name ?? inputs.displayName ?? inputs.network ?? inputs.hostname]
    .filter((part) => part !== undefined)
    .join(" ");
  const up = `npx entra-access up ${stack}`;
  const ids = candidates.map(({ id }) => id);
  return new UserError(
    `${name}: after an interrupted run, exactly one ${title} with the settings of the stack must exist, or none; found ${found.join(", ")}`,
    [
      ...ids.map((id) => `Import ${id} and give it the settings of the stack: ${up} --import ${name}=${id}`),
      isUnique
        ? `Or delete ${ids.join(" and ")}, and run ${up} again.`
        : `Create another one, if this is not the stack's: ${up} --create ${name}`,
    ],
  );
}

/** Returns the id of an object from a resource's id. */
export const getLastPart = (id: string): string => id.split("/").at(-1) ?? id;
