import { UserError } from "../errors";
import type { Population } from "./decision/channel";
import type { Application } from "./decision/model";
import type { AccountReview } from "./decision/review";

/** An application with the review of its account. */
export interface ReviewedApplication {
  readonly account: AccountReview;
  readonly application: Application;
}

export function listApplications(reviews: readonly AccountReview[]): ReviewedApplication[] {
  return reviews.flatMap((account) =>
    account.context.rules.applications.map((application) => ({ account, application })),
  );
}

/** Finds an application by id, name or host name. @throws UserError where there is none, or several */
export function findApplication(reviews: readonly AccountReview[], wanted: string): ReviewedApplication {
  const all = listApplications(reviews);
  const isWanted = (text: string) => text.toLowerCase() === wanted.toLowerCase();
  const found = all.filter(({ application: { id, name, address } }) => [id, name, address].some(isWanted));
  const [first, second] = found;
  if (first && !second) return first;
  const candidates = (second ? found : all).map(({ application: { id, name, address } }) =>
    second ? `${name} (${address}): ${id}` : name,
  );
  throw new UserError(
    `"${wanted}" must be the name, host name or id of one application; found ${found.length}`,
    candidates.length > 20 ? [...candidates.slice(0, 20), `and ${candidates.length - 20} more`] : candidates,
  );
}

/** Finds a person by address, sign-in name, object id or display name. @throws UserError where there is none, or several */
export function findPeople({ people }: Population, wanted: string): number[] {
  const isWanted = (text: string | null) => text?.toLowerCase() === wanted.toLowerCase();
  const select = (matches: (position: number) => boolean) =>
    people.flatMap((_, position) => (matches(position) ? [position] : []));
  const byAddress = select((position) => {
    const { id, mail, signInName } = people[position] ?? { id: "", mail: null, signInName: "" };
    return [id, mail, signInName].some(isWanted);
  });
  // A guest of one tenant may be a member of another, with the same address.
  if (byAddress.length > 0) return byAddress;
  const byName = select((position) => isWanted(people[position]?.name ?? null));
  if (byName.length === 1) return byName;
  throw new UserError(
    `"${wanted}" must be the address, sign-in name or object id of a person; found ${byName.length}`,
    byName.slice(0, 20).map((position) => `${people[position]?.name} <${people[position]?.signInName}>`),
  );
}
