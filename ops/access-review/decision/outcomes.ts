import { any, type Formula, settle } from "./formula";
import type { AccessRule, IdentityProvider } from "./model";

/** The access of several people who get in alike. */
export interface Outcome {
  /** True, or the conditions. */
  readonly admitted: Formula;
  readonly provider: IdentityProvider;
  readonly policy: string;
  readonly because: string;
  /** The rule that includes these people. */
  readonly rule?: AccessRule | undefined;
}

/** People are positions in the population, in ascending order. */
export interface OutcomePeople {
  readonly outcome: Outcome;
  readonly people: Int32Array;
}

/** Creates the function that combines a person's outcome so far with that of another way to sign in. */
export function createMerge(outcomes: Outcome[]): (before: number, outcome: Outcome) => number {
  const numbers = new Map<string, number>();
  const ids = new Map<Outcome, number>();
  return (before, outcome) => {
    const earlier = outcomes[before - 1];
    if (earlier?.admitted === true) return before;
    if (!ids.has(outcome)) ids.set(outcome, ids.size);
    const key = `${before} ${ids.get(outcome)}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const admitted = earlier ? settle(any([earlier.admitted, outcome.admitted])) : outcome.admitted;
    outcomes.push(earlier && outcome.admitted !== true ? { ...earlier, admitted } : outcome);
    numbers.set(key, outcomes.length);
    return outcomes.length;
  };
}

/** Lists the people of each outcome. @param chosen by position: 0 for a refusal, else the number of the outcome */
export function collectPeople(outcomes: readonly Outcome[], chosen: Uint32Array): OutcomePeople[] {
  const counts = new Int32Array(outcomes.length + 1);
  for (const number of chosen) counts[number] = (counts[number] ?? 0) + 1;
  const lists = outcomes.map((_, index) => new Int32Array(counts[index + 1] ?? 0));
  const filled = new Int32Array(outcomes.length);
  chosen.forEach((number, position) => {
    const list = lists[number - 1];
    if (!list) return;
    const next = filled[number - 1] ?? 0;
    list[next] = position;
    filled[number - 1] = next + 1;
  });
  return outcomes.flatMap((outcome, index) => {
    const people = lists[index];
    return people && people.length > 0 ? [{ outcome, people }] : [];
  });
}
