import fc from "fast-check";
import { ranges, record, some, text, unique } from "./values";

/** Generates the Conditional Access of a sign-in. @param directory object ids of people and groups in the tenant */
export function generateConditionalAccess(directory: {
  readonly people: readonly string[];
  readonly groupIds: readonly string[];
}) {
  const { people, groupIds } = directory;
  const displayName = text(60);
  const state = fc.constantFrom(
    { state: "reportOnly", decideBy: "2099-12-31" },
    { decideBy: "2099-01-01" },
    { state: "enabled" },
    { state: "disabled" },
  );
  const where = record({ exclude: fc.constantFrom(["office"], ["trusted", "home"]) }, ["exclude"]);
  const requirements = fc.constantFrom(
    { require: ["mfa"], oneIsEnough: false },
    { require: ["mfa", "compliantDevice", "domainJoinedDevice"], oneIsEnough: true },
    { require: ["compliantDevice"], authenticationStrength: "phishingResistant" },
    { authenticationStrength: "00000000-0000-0000-0000-000000000002", signInFrequency: "7d" },
    { require: ["mfa"], signInFrequency: "everyTime" },
    { signInFrequency: "8h" },
  );
  const generatePolicy = (controls: fc.Arbitrary<object>, conditions: fc.Arbitrary<object>) =>
    fc
      .tuple(state, controls, conditions, record({ displayName, excludeGroups: some(groupIds) }))
      .map((parts) => Object.assign({}, ...parts));
  return record(
    {
      emergencyAccounts: some(people),
      namedLocations: fc.record({
        office: record({ displayName, ranges: ranges(), trusted: fc.boolean() }, ["ranges"]),
        home: record(
          { displayName, countries: unique(fc.constantFrom("DE", "PT")), unknownCountries: fc.boolean() },
          ["countries"],
        ),
      }),
      policies: record({
        everybody: generatePolicy(requirements, record({ signInRisk: some(["low", "medium", "high"]) })),
        some: generatePolicy(
          requirements,
          record(
            { includeGroups: some(groupIds), locations: fc.constant({ include: ["office", "trusted"] }) },
            ["includeGroups"],
          ),
        ),
        abroad: generatePolicy(fc.constant({ block: true }), record({ locations: where }, ["locations"])),
      }),
    },
    ["emergencyAccounts", "namedLocations"],
  );
}
