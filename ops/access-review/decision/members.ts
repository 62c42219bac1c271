import type { Directory, EntraGroup } from "./model";

/**
 * Collects the direct and nested members of a group, as positions in the list of people. Each group is followed once,
 * because groups may contain each other.
 */
export function collectMembers({ groups, people }: Directory, id: string): Int32Array {
  const isMember = new Uint8Array(people.length);
  const followed = new Set([id]);
  let count = 0;
  for (const current of followed) {
    const group = groups.get(current);
    for (const person of group?.people ?? []) {
      if (isMember[person] === 0) count++;
      isMember[person] = 1;
    }
    for (const inner of group?.groups ?? []) followed.add(inner);
  }
  const members = new Int32Array(count);
  let next = 0;
  for (let person = 0; next < count; person++) if (isMember[person] === 1) members[next++] = person;
  return members;
}

/** Finds the shortest chain of nested groups from a group to a person; undefined if the person is no member. */
export function findChain({ groups }: Directory, id: string, person: number): EntraGroup[] | undefined {
  const start = groups.get(id);
  const chains: EntraGroup[][] = start ? [[start]] : [];
  const seen = new Set([id]);
  for (const chain of chains) {
    const last = chain.at(-1);
    if (last?.people.includes(person)) return chain;
    for (const inner of last?.groups ?? []) {
      const group = groups.get(inner);
      if (!group || seen.has(inner)) continue;
      seen.add(inner);
      chains.push([...chain, group]);
    }
  }
  return undefined;
}
