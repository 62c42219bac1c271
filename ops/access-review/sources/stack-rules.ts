import type { AccessRules, Assignment, Directory, EntraGroup } from "../decision/model";

/** The access rules of one stack, by its settings or by its last deployment. */
export interface StackRules {
  readonly rules: AccessRules;
  /** Ids of the stack's deployed applications. */
  readonly applicationIds: ReadonlySet<string>;
  /** Object ids of the members of Entra groups that the stack owns, in lower case. */
  readonly memberIds: readonly string[];
  /** Gives groups and assignments that the stack owns their members. */
  extendDirectory(directory: Directory): Directory;
}

/** An Entra group that a stack owns. */
interface OwnedGroup extends Pick<EntraGroup, "id" | "name"> {
  /** Object ids of people and groups. */
  readonly members: readonly string[];
}

export function buildEntraGroup(
  { id, name, members }: OwnedGroup,
  { people, groups }: Directory,
): EntraGroup {
  const ids = new Set(members.map((member) => member.toLowerCase()));
  const positions = people.flatMap((person, position) => (ids.has(person.id) ? [position] : []));
  return {
    id,
    name,
    people: Int32Array.from(positions),
    groups: [...ids].filter((member) => groups.has(member)),
  };
}

/**
 * Builds who may sign in where a stack assigns groups: those groups, and who was assigned by hand.
 *
 * @param managed object ids of all groups that the stack has assigned, also before
 */
export function buildAssignment(
  current: Assignment | undefined,
  { groups, managed }: { groups: readonly string[]; managed: ReadonlySet<string> },
): Assignment {
  if (current?.required !== true) return { required: true, people: [], groups };
  const byHand = current.groups.filter((id) => !managed.has(id));
  return { required: true, people: current.people, groups: [...new Set([...byHand, ...groups])] };
}
