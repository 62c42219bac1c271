import { signInToCloudflare } from "../../clients/deployer";
import type { PeopleChange, PeopleDetail } from "../../preview/people";
import type { Stack } from "../../stacks";
import { readStackState } from "../../stacks/state/state";
import type { AccessRules } from "../decision/model";
import type { AccountReview } from "../decision/review";
import {
  createReviews,
  type OpenDirectory,
  openDirectories,
  prepareStack,
  readDirectories,
} from "../sources/account-reviews";
import { readDeclaredStack } from "../sources/declared-stack";
import { hasApplications, readDeployedStack } from "../sources/deployed-stack";
import { convertAccount, readAccountObjects } from "../sources/enforced-rules";
import type { StackRules } from "../sources/stack-rules";
import { type ApplicationPair, comparePeople } from "./compare";

/** Compares who can reach the stack's applications by its settings with who can do so now; changes nothing. */
export async function compareStackPeople(stack: Stack, detail: PeopleDetail): Promise<PeopleChange> {
  const { settings, directories, live } = await readStack(stack);
  const enforced = convertAccount(live);
  const declared = await readDeclaredStack(stack, settings, directories, enforced.providers);
  const { withEnforced, withOther, people } = await reviewBoth(enforced, declared, directories);
  return comparePeople(pairApplications(withEnforced, withOther), {
    people,
    notes: declared.notes,
    withNames: detail === "names",
  });
}

/** Compares who can reach the stack's applications now with who could by its last deployment; changes nothing. */
export async function compareDriftedPeople(stack: Stack, detail: PeopleDetail): Promise<PeopleChange> {
  const { resources } = readStackState(await stack.exportCached());
  if (!hasApplications(resources)) return { applications: [], notes: [], people: 0 };
  const { directories, live } = await readStack(stack);
  const deployed = readDeployedStack(resources, live);
  const { withEnforced, withOther, people } = await reviewBoth(convertAccount(live), deployed, directories);
  return comparePeople(pairApplications(withOther, withEnforced), {
    people,
    notes: [],
    withNames: detail === "names",
  });
}

async function readStack(stack: Stack) {
  const prepared = await prepareStack(stack);
  const { settings, accountId } = prepared;
  const [live, directories] = await Promise.all([
    readAccountObjects(signInToCloudflare(settings), accountId),
    openDirectories([prepared]),
  ]);
  return { settings, live, directories };
}

/** Reviews the stack's applications by the enforced rules and by others. */
async function reviewBoth(account: AccessRules, other: StackRules, directories: readonly OpenDirectory[]) {
  const applications = account.applications.filter(({ id }) => other.applicationIds.has(id));
  const enforced: AccessRules = { ...account, applications };
  const { memberIds } = other;
  const read = await readDirectories(directories, [enforced, other.rules], { memberIds });
  const [withEnforced] = createReviews([enforced], read).reviews;
  const [withOther] = createReviews([other.rules], read.map(other.extendDirectory)).reviews;
  if (!withEnforced || !withOther) throw new Error("no review");
  return { withEnforced, withOther, people: read.flatMap(({ people }) => people) };
}

function pairApplications(before: AccountReview, after: AccountReview): ApplicationPair[] {
  const find = (review: AccountReview, id: string) => {
    const application = review.context.rules.applications.find((one) => one.id === id);
    return application && { review, application };
  };
  const all = [before, after].flatMap(({ context }) => context.rules.applications.map(({ id }) => id));
  return [...new Set(all)].map((id) => ({ before: find(before, id), after: find(after, id) }));
}
