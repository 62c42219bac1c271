import * as fc from "fast-check";
import { describeResult } from "../../../ops/access-review/decision/decide";
import { any, type Condition, evaluate, type Formula } from "../../../ops/access-review/decision/formula";
import type { Application, Person } from "../../../ops/access-review/decision/model";
import type { AccountReview } from "../../../ops/access-review/decision/review";
import { startTwin, type Twin } from "../../../twin/index";
import { sized } from "../../support/size";
import { type Circumstances, TwinWorld } from "./twin-world";
import { ADDRESSES, COUNTRIES, directoryDraft, PEOPLE, RANGE, ruleSetDraft } from "./world";

/** Pairs of a person and an application: ACCESS_REVIEW_PAIRS, or as the size of the run says. */
const PAIRS = Number(process.env.ACCESS_REVIEW_PAIRS ?? sized(2_000, 100_000));
// A busy machine takes half a minute per thousand pairs.
jest.setTimeout(Math.max(120_000, PAIRS * 60));

const APPLICATIONS = 12;
const RULE_SETS = 7;

const ALL_CIRCUMSTANCES: Circumstances[] = ADDRESSES.flatMap((ip) =>
  COUNTRIES.flatMap((country) =>
    [true, false].flatMap((secondFactor) =>
      [true, false].flatMap((serviceToken) =>
        [true, false].map((pin) => ({ ip, country, secondFactor, serviceToken, pin })),
      ),
    ),
  ),
);

/** Tells if a condition is met. A person is known by an address that depends on whether Entra sends the claim `upn`. */
function isMet(
  { kind, value = "" }: Condition,
  at: Circumstances,
  person: Person,
  sendsUpn: boolean,
): boolean {
  switch (kind) {
    case "country":
      return value === at.country;
    case "address":
      return value === RANGE && at.ip === ADDRESSES[0];
    case "second factor":
      return at.secondFactor;
    case "service token":
      return at.serviceToken;
    case "one-time PIN":
      return at.pin;
    case "person": {
      const address = (sendsUpn ? person.signInName : (person.mail ?? person.signInName)).toLowerCase();
      return [address, address.slice(address.lastIndexOf("@") + 1)].includes(value.toLowerCase());
    }
    default:
      throw new Error(`unexpected condition ${kind}`);
  }
}

let twin: Twin;
let world: TwinWorld;
beforeAll(async () => {
  twin = await startTwin();
  world = new TwinWorld(twin);
});
afterAll(async () => {
  await world.client.close();
  await twin.close();
});

/** Finds the outcome for each person in the review of all people at once. */
function reviewEverybody(review: AccountReview, application: Application): Map<number, Formula> {
  const { outcomes } = review.reviewApplication(application);
  return new Map(
    outcomes.flatMap(({ outcome, people }) => [...people].map((one) => [one, outcome.admitted] as const)),
  );
}

/** Chooses a quarter of the circumstances; four pairs in turn have all of them. */
const choose = (pair: number) => ALL_CIRCUMSTANCES.filter((_, index) => index % 4 === pair % 4);

it(`equals what a real sign-in gives, for ${PAIRS} random pairs of a person and an application`, async () => {
  let pairs = 0;
  const results = { allowed: 0, denied: 0, conditional: 0 };
  await fc.assert(
    fc.asyncProperty(
      directoryDraft,
      fc.array(ruleSetDraft(APPLICATIONS), { minLength: RULE_SETS, maxLength: RULE_SETS }),
      async (directory, ruleSets) => {
        await world.install(directory);
        for (const ruleSet of ruleSets) {
          const { review, decide } = world.declare(ruleSet);
          for (const [index, application] of review.context.rules.applications.entries()) {
            const everybody = reviewEverybody(review, application);
            for (const [position, person] of review.population.people.entries()) {
              const { admitted, withoutSignIn } = review.explain(application, position);
              results[describeResult(admitted)]++;
              const reviewed = everybody.get(position) ?? false;
              for (const circumstances of choose(pairs++)) {
                const met = (condition: Condition) =>
                  isMet(condition, circumstances, person, directory.sendsUpn);
                const expected = decide(index, person.id, circumstances);
                for (const formula of [admitted, reviewed])
                  if (evaluate(any([withoutSignIn.admitted, formula]), met) !== expected)
                    throw new Error(
                      JSON.stringify({ person, application, circumstances, expected, admitted, reviewed }),
                    );
              }
            }
          }
        }
      },
    ),
    { numRuns: Math.ceil(PAIRS / (RULE_SETS * APPLICATIONS * 2 * PEOPLE)), endOnFailure: true },
  );
  expect(pairs).toBeGreaterThanOrEqual(PAIRS);
  // Each result occurs, so that none of them is only tested in name.
  for (const count of Object.values(results)) expect(count).toBeGreaterThan(pairs / 50);
});
