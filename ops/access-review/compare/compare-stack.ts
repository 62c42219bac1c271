import type { PeopleChange } from "../../preview/people";
import type { Stack } from "../../stacks";
import type { AccessRules } from "../decision/model";
import {
  createReviews,
  openDirectories,
  prepareStack,
  readAllEnforcedRules,
  readDirectories,
} from "../sources/account-reviews";
import { readDeclaredStack } from "../sources/declared-stack";
import { type ApplicationPair, comparePeople } from "./compare";

/**
 * Compares who can reach the stack's applications by its settings with who can do so now, by the rules that the account
 * enforces; changes nothing.
 */
export async function compareStackPeople(stack: Stack, withNames: boolean): Promise<PeopleChange> {
  const prepared = await prepareStack(stack);
  const [[account], directories] = await Promise.all([
    readAllEnforcedRules([prepared]),
    openDirectories([prepared]),
  ]);
  if (!account) throw new Error("no account");
  const declared = await readDeclaredStack(stack, prepared.settings, directories, account.providers);
  const enforced: AccessRules = {
    ...account,
    applications: account.applications.filter(({ id }) => declared.applicationIds.has(id)),
  };
  const read = await readDirectories(directories, [enforced, declared.rules]);
  const [before] = createReviews([enforced], read).reviews;
  const [after] = createReviews([declared.rules], read.map(declared.extendDirectory)).reviews;
  const find = (review: typeof before, id: string) => {
    const application = review?.context.rules.applications.find((one) => one.id === id);
    return review && application && { review, application };
  };
  const all = new Set([...enforced.applications, ...declared.rules.applications].map(({ id }) => id));
  const pairs = [...all].map((id): ApplicationPair => ({ before: find(before, id), after: find(after, id) }));
  const people = read.flatMap((directory) => directory.people);
  return comparePeople(pairs, { people, notes: declared.notes, withNames });
}
