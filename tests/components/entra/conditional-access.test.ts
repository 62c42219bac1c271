import * as pulumi from "@pulumi/pulumi";
import {
  type ConditionalAccessArgs,
  createConditionalAccess,
} from "../../../components/entra/conditional-access";
import { conditionalAccessSchema } from "../../../config/conditional-access/schema";
import { resources, startProgram } from "../../support/mocks";

const NOW = new Date("2026-12-01T12:00:00Z");
const account = "70b461b7-92e9-4fd2-9b86-c3b3ef5fd296";
const group = "70c461b8-92ea-4fd3-9b87-c3b4ef60d297";
const POLICY = "entra-conditional-access-mfa";

let warnings: string[];
beforeEach(async () => {
  await startProgram();
  warnings = [];
  jest.spyOn(pulumi.log, "warn").mockImplementation(async (message) => void warnings.push(message));
});
afterEach(() => jest.restoreAllMocks());

async function declare(settings: object, args: Partial<ConditionalAccessArgs> = {}) {
  createConditionalAccess("entra", {
    ...conditionalAccessSchema.parse(settings),
    clientId: "the-client",
    applicationName: "Cloudflare Access (contoso)",
    now: NOW,
    ...args,
  });
  return resources();
}
const withPolicy = async (policy: object, settings: object = {}) =>
  (await declare({ ...settings, policies: { mfa: { require: ["mfa"], ...policy } } }))[POLICY]?.inputs;

test("without policies and locations, there is not even a component", async () => {
  expect(await declare({ emergencyAccounts: [account] })).toEqual({});
});

test("a policy applies to the application, for everybody but the emergency accounts", async () => {
  expect(await withPolicy({ state: "enabled" }, { emergencyAccounts: [account] })).toEqual({
    displayName: "Cloudflare Access (contoso): mfa",
    state: "enabled",
    conditions: {
      applications: { includedApplications: ["the-client"] },
      clientAppTypes: ["all"],
      users: { includedUsers: ["All"], excludedUsers: [account] },
    },
    grantControls: { operator: "OR", builtInControls: ["mfa"] },
  });
});

test("a policy refers to named locations by their object id", async () => {
  const settings = {
    namedLocations: {
      office: { ranges: ["198.51.100.0/24"], trusted: true },
      home: { displayName: "Home", countries: ["PT"] },
    },
    policies: {
      mfa: {
        state: "enabled",
        includeGroups: [group],
        block: true,
        signInRisk: ["high"],
        locations: { exclude: ["office", "trusted"] },
      },
    },
  };
  const declared = await declare(settings);
  expect(declared["entra-location-office"]?.inputs).toEqual({
    displayName: "Cloudflare Access (contoso): office",
    ip: { ipRanges: ["198.51.100.0/24"], trusted: true },
  });
  expect(declared["entra-location-home"]?.inputs).toMatchObject({
    displayName: "Home",
    country: { countriesAndRegions: ["PT"], includeUnknownCountriesAndRegions: false },
  });
  expect(declared[POLICY]?.inputs).toMatchObject({
    conditions: {
      users: { includedGroups: [group] },
      locations: {
        includedLocations: ["All"],
        excludedLocations: ["entra-location-office-object", "AllTrusted"],
      },
      signInRiskLevels: ["high"],
    },
    grantControls: { operator: "OR", builtInControls: ["block"] },
  });
});

const STRENGTHS = "/policies/authenticationStrengthPolicies/";
test.each<[string, object, object]>([
  [
    "two requirements, both of them",
    { require: ["mfa", "compliantDevice"] },
    { grantControls: { operator: "AND", builtInControls: ["mfa", "compliantDevice"] } },
  ],
  [
    "a strength by its name",
    { require: undefined, authenticationStrength: "phishingResistant" },
    {
      grantControls: {
        builtInControls: [],
        authenticationStrengthPolicyId: `${STRENGTHS}00000000-0000-0000-0000-000000000004`,
      },
    },
  ],
  [
    "a strength by its id",
    { authenticationStrength: group.toUpperCase(), require: ["compliantDevice"], oneIsEnough: true },
    {
      grantControls: {
        operator: "OR",
        builtInControls: ["compliantDevice"],
        authenticationStrengthPolicyId: `${STRENGTHS}${group}`,
      },
    },
  ],
  [
    "hours",
    { signInFrequency: "8h" },
    {
      sessionControls: {
        signInFrequency: 8,
        signInFrequencyPeriod: "hours",
        signInFrequencyInterval: "timeBased",
      },
    },
  ],
  [
    "days",
    { signInFrequency: "30d" },
    { sessionControls: { signInFrequency: 30, signInFrequencyPeriod: "days" } },
  ],
  [
    "every time",
    { signInFrequency: "everyTime" },
    { sessionControls: { signInFrequencyInterval: "everyTime" } },
  ],
])("%s becomes what the provider takes", async (_what, policy, expected) => {
  expect(await withPolicy({ state: "enabled", ...policy })).toMatchObject(expected);
});

test.each([
  ["2026-12-31", []],
  [
    "2026-12-07",
    [expect.stringMatching(/^policy "mfa" of Conditional Access must leave report-only by 2026-12-07/)],
  ],
  ["2026-12-01", [expect.stringMatching(/^policy "mfa".*must leave report-only/)]],
  ["2026-11-30", [expect.stringMatching(/^action needed: policy "mfa".*should have left report-only/)]],
])("report-only until %s is said %#", async (decideBy, expected) => {
  expect(await withPolicy({ decideBy })).toMatchObject({ state: "enabledForReportingButNotEnforced" });
  expect(warnings).toEqual(expected);
});
