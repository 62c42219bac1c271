import type { ApplicationChange, PeopleChange } from "../../preview/people";
import { createKey } from "../decision/formula";
import type { Application, Person } from "../decision/model";
import type { Outcome } from "../decision/outcomes";
import type { AccountReview, ApplicationReview } from "../decision/review";
import { formatOpening, formatPerson } from "../report/format";
import { describeOpening, describePerson } from "../report/report";

/** An application before and after a change; one of the two may be missing. */
export interface ApplicationPair {
  readonly before?: { readonly review: AccountReview; readonly application: Application } | undefined;
  readonly after?: { readonly review: AccountReview; readonly application: Application } | undefined;
}

/** Compares who can reach applications; both reviews have the same people in the same order. */
export function comparePeople(
  pairs: readonly ApplicationPair[],
  o: { people: readonly Person[]; notes: readonly string[]; withNames: boolean },
): PeopleChange {
  const applications = pairs.flatMap((pair) => compareApplication(pair, o) ?? []);
  return {
    applications: applications.sort((one, other) => (one.name < other.name ? -1 : 1)),
    notes: o.notes,
    people: o.people.length,
  };
}

function compareApplication(
  { before, after }: ApplicationPair,
  { people, withNames }: { people: readonly Person[]; withNames: boolean },
): ApplicationChange | undefined {
  const [was, is] = [before, after].map((side) => side?.review.reviewApplication(side.application));
  const [former, next] = [indexOutcomes(was, people.length), indexOutcomes(is, people.length)];
  const [gaining, losing]: [Person[], Person[]] = [[], []];
  let otherConditions = 0;
  people.forEach((person, position) => {
    const [old, now] = [former[position], next[position]];
    if (!old && now) gaining.push(person);
    else if (old && !now) losing.push(person);
    else if (old && now && !haveSameConditions(old, now)) otherConditions++;
  });
  const [closed, opened] = [listOpenings(was), listOpenings(is)];
  const opens = opened.filter((text) => !closed.includes(text));
  const closes = closed.filter((text) => !opened.includes(text));
  const isNew = !before !== !after;
  if (!isNew && gaining.length + losing.length + otherConditions + opens.length + closes.length === 0)
    return undefined;
  const countGuests = (list: readonly Person[]) => list.filter(({ isGuest }) => isGuest).length;
  const format = (list: readonly Person[]) =>
    list.map((person) => formatPerson(describePerson(person))).sort();
  return {
    name: (after ?? before)?.application.name ?? "",
    change: before ? (after ? "changed" : "deleted") : "created",
    gain: gaining.length,
    gainingGuests: countGuests(gaining),
    lose: losing.length,
    losingGuests: countGuests(losing),
    otherConditions,
    opens,
    closes,
    everyone: is?.everyone === true && !was?.everyone,
    anybody: is?.anybody === true && !was?.anybody,
    ...(withNames && { gaining: format(gaining), losing: format(losing) }),
  };
}

const haveSameConditions = (one: Outcome, other: Outcome) =>
  one === other || createKey(one.admitted) === createKey(other.admitted);

function indexOutcomes(review: ApplicationReview | undefined, length: number): (Outcome | undefined)[] {
  const outcomes = new Array<Outcome | undefined>(length);
  for (const { outcome, people } of review?.outcomes ?? [])
    for (const position of people) outcomes[position] = outcome;
  return outcomes;
}

const listOpenings = (review: ApplicationReview | undefined) =>
  (review?.openings ?? []).map((opening) => formatOpening(describeOpening(opening)));
