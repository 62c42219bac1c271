import fc from "fast-check";
import { parseConfig, schema } from "../../config";
import { generateSettings } from "../support/generated-settings/generate-settings";
import type { GeneratedSettingsTarget } from "../support/generated-settings/target";
import { listGivenPaths, listSettingPaths } from "../support/setting-paths";
import { sized } from "../support/size";

const guid = (digit: number) => `0a1b2c3d-4e5f-4a6b-8c7d-${String(digit).padStart(12, "0")}`;
const target: GeneratedSettingsTarget = {
  owners: [guid(1)],
  entraGroups: ["Engineers", guid(2).toUpperCase()],
  people: [guid(3)],
  furtherTenant: {
    tenantId: guid(4),
    clientId: guid(5),
    clientSecret: "not-a-real-secret",
    owners: [guid(9)],
    entraGroups: ["Theirs"],
    people: [guid(10)],
    groupIds: [guid(11)],
  },
  groupIds: [guid(12).toUpperCase(), guid(13)],
  existingIdentityProvider: guid(6),
  serviceTokens: [guid(7)],
  tags: ["hr", "it"],
  tunnelId: guid(8),
};
const required = {
  tenantId: "6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e01",
  accountId: "023e105f4ecef8ad9ca31a8372d0c353",
  teamName: "contoso",
};

const parse = (settings: object) =>
  parseConfig(
    Object.fromEntries(
      Object.entries({ ...required, ...settings }).map(([key, value]) => [
        `entra-access:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
    "entra-access",
  );

test("generated settings are accepted", () => {
  fc.assert(
    fc.property(generateSettings(target), (settings) => void parse(settings)),
    { numRuns: sized(40, 3000), seed: 7 },
  );
});

/** Settings that no other stack's test account has. */
const NOT_GENERATED = ["accountId", "nextTeamName", "protect", "teamName", "tenantId"];
/** Forms of settings that refer to what exists already, and so cannot be combined with the generated ones. */
const ALTERNATIVES = [
  "access.identityProviders.*.application.appRoleId",
  "access.virtualNetworks.*.id",
  "application.appRoleId",
];

test("every setting of the schema is generated", () => {
  const generated = fc.sample(generateSettings(target), { numRuns: 100, seed: 7 });
  const given = new Set(generated.flatMap((settings) => listGivenPaths(schema, settings)));
  const missing = listSettingPaths(schema).filter((path) => !given.has(path));
  expect(missing.filter((path) => ![...NOT_GENERATED, ...ALTERNATIVES].includes(path))).toEqual([]);
});
