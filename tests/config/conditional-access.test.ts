import { parseConfig } from "../../config";

const account = "70b461b7-92e9-4fd2-9b86-c3b3ef5fd296";
const group = "70c461b8-92ea-4fd3-9b87-c3b4ef60d297";
const mfa = { state: "enabled", require: ["mfa"] };
const good = { emergencyAccounts: [account], policies: { mfa } };

const parse = (settings: object) =>
  parseConfig(
    {
      "entra-access:tenantId": "6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e01",
      "entra-access:accountId": "023e105f4ecef8ad9ca31a8372d0c353",
      "entra-access:teamName": "contoso",
      ...Object.fromEntries(
        Object.entries(settings).map(([name, value]) => [`entra-access:${name}`, JSON.stringify(value)]),
      ),
    },
    "entra-access",
  );
function listProblems(conditionalAccess: object): string[] {
  try {
    parse({ conditionalAccess });
    return [];
  } catch (error) {
    return String((error as Error).message)
      .split("\n  ")
      .slice(1);
  }
}
const withPolicy = (policy: object, others: object = {}) =>
  listProblems({ ...good, ...others, policies: { mfa: { ...mfa, ...policy } } });

test("a policy is report-only for everybody and all places unless it says otherwise", () => {
  const { conditionalAccess } = parse({
    conditionalAccess: { ...good, policies: { mfa: { decideBy: "2027-01-31", require: ["mfa"] } } },
  });
  expect(conditionalAccess).toEqual({
    emergencyAccounts: [account],
    namedLocations: {},
    policies: {
      mfa: {
        state: "reportOnly",
        decideBy: "2027-01-31",
        require: ["mfa"],
        block: false,
        oneIsEnough: false,
      },
    },
  });
  expect(parse({}).conditionalAccess).toEqual({ namedLocations: {}, policies: {} });
});

test.each<[what: string, problems: string[], text: string]>([
  ["report-only without a date", withPolicy({ state: "reportOnly" }), "decideBy must be set"],
  ["a date of an enforced policy", withPolicy({ decideBy: "2027-01-31" }), "only allowed with the state"],
  [
    "a day that no calendar has",
    withPolicy({ state: "reportOnly", decideBy: "2027-02-30" }),
    "must be a day of the calendar",
  ],
  ["no control", withPolicy({ require: undefined }), "must have at least one of block"],
  ["block beside another control", withPolicy({ block: true, signInRisk: ["high"] }), "must be false with"],
  ["a strength beside MFA", withPolicy({ authenticationStrength: "passwordless" }), "mfa in require"],
  [
    "an unknown strength",
    withPolicy({ require: undefined, authenticationStrength: "sms" }),
    "must be one of",
  ],
  ["a choice of one", withPolicy({ oneIsEnough: true }), "no two requirements"],
  ["25 hours", withPolicy({ signInFrequency: "25h" }), '"8h" (1 to 23)'],
  ["a location that is not named", withPolicy({ locations: { include: ["offce"] } }), "must be the name of"],
  [
    "all locations beside one",
    withPolicy({ locations: { include: ["all", "trusted"] } }),
    'must have "all" alone',
  ],
  [
    "everybody refused everywhere",
    withPolicy({ block: true, require: undefined }),
    "it would refuse everybody",
  ],
  [
    "everybody without an emergency account",
    withPolicy({}, { emergencyAccounts: undefined }),
    "could lock out every administrator",
  ],
  [
    "a location of every tenant",
    listProblems({ namedLocations: { trusted: { countries: ["PT"] } } }),
    "another name",
  ],
  [
    "ranges and countries",
    listProblems({ namedLocations: { a: { countries: ["PT"], ranges: ["192.0.2.1"] } } }),
    "either",
  ],
  [
    "trust in countries",
    listProblems({ namedLocations: { a: { countries: ["PT"], trusted: true } } }),
    "with ranges",
  ],
  [
    "unknown countries of ranges",
    listProblems({ namedLocations: { a: { ranges: ["192.0.2.1"], unknownCountries: true } } }),
    "with countries",
  ],
  ["Tor as a country", listProblems({ namedLocations: { a: { countries: ["T1"] } } }), "which Entra knows"],
])("%s is refused", (_what, problems, text) => {
  expect(problems).toEqual([expect.stringContaining(text)]);
});

test.each([
  ["for some groups", { includeGroups: [group] }],
  ["that is disabled", { state: "disabled" }],
  ["that only sets the sign-in frequency", { require: undefined, signInFrequency: "12h" }],
])("a policy %s needs no emergency account", (_what, policy) => {
  expect(withPolicy(policy, { emergencyAccounts: undefined })).toEqual([]);
});

test("everybody may be refused outside of trusted places, or at a high risk", () => {
  const block = { block: true, require: undefined };
  expect(withPolicy({ ...block, locations: { exclude: ["trusted"] } })).toEqual([]);
  expect(withPolicy({ ...block, signInRisk: ["high"] })).toEqual([]);
});

test("the policies of a further tenant are checked as well", () => {
  const fabrikam = {
    owned: true,
    tenantId: "b84d6c12-7e35-4f90-a1c8-52e96f0d3b78",
    conditionalAccess: { policies: { mfa } },
  };
  expect(() => parse({ access: { identityProviders: { fabrikam } } })).toThrow(
    "access.identityProviders.fabrikam.conditionalAccess.policies.mfa must not apply to everybody",
  );
});
