import { contoso, contosoGroups, contosoUsers, type PlaceSeed } from "../../../twin/index";
import { type PolicyParts, useConditionalAccessFixture } from "./conditional-access-fixture";

const { ada, ben, chidi, farida } = contosoUsers;
const fixture = useConditionalAccessFixture();
const { address, amrOf, app, beAt, browser, createLocation, declare, enter, nameOutcome, office, readLog } =
  fixture;

describe("a second factor that is demanded", () => {
  beforeEach(() => declare());

  test("is registered at the first time, given after it, and in the token", async () => {
    expect(nameOutcome(await enter())).toBe("registration");
    expect(await amrOf(await browser().submit({ second_factor: "register" }))).toEqual(["pwd", "mfa"]);
    browser().cookies = [];
    expect(nameOutcome(await enter())).toBe("second factor");
    expect(await amrOf(await browser().submit({ second_factor: "approve" }))).toEqual(["pwd", "mfa"]);
    expect(nameOutcome(await browser().go(address()))).toBe("in");
  });

  test("keeps out whoever refuses it", async () => {
    await enter();
    expect(nameOutcome(await browser().submit({ second_factor: "approve" }))).toBe("registration");
    await browser().submit({ second_factor: "register" });
    browser().cookies = [];
    await enter();
    const denied = await browser().submit({ second_factor: "deny" });
    expect(denied).toMatchObject({ status: 400, html: expect.stringContaining("AADSTS500121: ") });
  });

  test("is not demanded again from people who always give one, nor from the emergency account", async () => {
    await enter(ada);
    expect(nameOutcome(await browser().submit({ user: ada.id, second_factor: "approve" }))).toBe("in");
    browser().cookies = [];
    expect(nameOutcome(await enter(farida))).toBe("in");
  });

  test("is an error where no page may be shown", async () => {
    await enter();
    const { url } = await browser().go(address({ prompt: "none" }));
    expect(new URL(url).searchParams.get("error")).toBe("interaction_required");
    expect(url).toContain("AADSTS50076");
  });
});

const DEVICE = { builtInControls: ["compliantDevice"] };
const BLOCK = { builtInControls: ["block"] };
type Case = [what: string, policy: () => Promise<PolicyParts>, place: PlaceSeed, outcome: string];
const abroad: PlaceSeed = { ip: "203.0.113.9", country: "FR" };
const inOffice: PlaceSeed = { ip: "198.51.100.7", country: "PT" };
const outside = async (conditions = {}) => ({
  conditions: { locations: { includeLocations: ["All"], excludeLocations: [await office()] }, ...conditions },
});

test.each<Case>([
  ["a device that is not compliant", async () => ({ grant: DEVICE }), {}, "AADSTS53000"],
  ["a compliant device", async () => ({ grant: DEVICE }), { compliantDevice: true }, "in"],
  ["no domain", async () => ({ grant: { builtInControls: ["domainJoinedDevice"] } }), {}, "AADSTS53001"],
  [
    "a second factor instead of the device",
    async () => ({ grant: { builtInControls: ["compliantDevice", "mfa"] } }),
    {},
    "registration",
  ],
  [
    "a second factor beside the device",
    async () => ({ grant: { operator: "AND", builtInControls: ["compliantDevice", "mfa"] } }),
    {},
    "AADSTS53000",
  ],
  ["a place outside of the office", () => outside(), abroad, "registration"],
  ["the office", () => outside(), inOffice, "in"],
  ["a blocked place", async () => ({ ...(await outside()), grant: BLOCK }), abroad, "AADSTS53003"],
  [
    "a trusted place",
    async () => {
      await office();
      const locations = { includeLocations: ["All"], excludeLocations: ["AllTrusted"] };
      return { conditions: { locations }, grant: BLOCK };
    },
    inOffice,
    "in",
  ],
  [
    "a country",
    async () => {
      const france = await createLocation({
        "@odata.type": "#microsoft.graph.countryNamedLocation",
        countriesAndRegions: ["FR"],
      });
      return { conditions: { locations: { includeLocations: [france] } }, grant: BLOCK };
    },
    abroad,
    "AADSTS53003",
  ],
  [
    "a high risk",
    async () => ({ conditions: { signInRiskLevels: ["high"] }, grant: BLOCK }),
    { signInRisk: "high" },
    "AADSTS53003",
  ],
  ["no risk", async () => ({ conditions: { signInRiskLevels: ["high"] }, grant: BLOCK }), {}, "in"],
  [
    "a group of others",
    async () => ({ users: { includeUsers: [], includeGroups: [contosoGroups.contractors.id] } }),
    {},
    "in",
  ],
  [
    "a group that contains theirs",
    async () => ({ users: { includeUsers: [], includeGroups: [contosoGroups.employees.id] } }),
    {},
    "registration",
  ],
  ["an excluded group", async () => ({ users: { excludeGroups: [contosoGroups.engineers.id] } }), {}, "in"],
  [
    "another application",
    async () => ({ applications: { includeApplications: [contoso.deployer.appId] } }),
    {},
    "in",
  ],
  [
    "all applications but this",
    async () => ({ applications: { includeApplications: ["All"], excludeApplications: [app().appId] } }),
    {},
    "in",
  ],
  ["clients that are no browsers", async () => ({ conditions: { clientAppTypes: ["other"] } }), {}, "in"],
  ["a policy that is disabled", async () => ({ state: "disabled" }), {}, "in"],
  ["a policy that only reports", async () => ({ state: "enabledForReportingButNotEnforced" }), {}, "in"],
])("with a policy for %s, Ben gets: %#", async (_what, policy, place, outcome) => {
  await declare(await policy());
  beAt(place);
  expect(nameOutcome(await enter())).toBe(outcome);
});

test("a strength that the phone meets is a second factor, another one a 501", async () => {
  const strength = (digit: number) => ({
    builtInControls: [],
    authenticationStrength: { id: `00000000-0000-0000-0000-00000000000${digit}` },
  });
  await declare({ grant: strength(2) });
  expect(nameOutcome(await enter())).toBe("registration");
  browser().cookies = [];
  await declare({ grant: strength(4) });
  expect((await enter()).status).toBe(501);
});

test("people sign in again after the time of a policy", async () => {
  const signInFrequency = { isEnabled: true, type: "hours", value: 8 };
  await declare({ grant: null, sessionControls: { signInFrequency } });
  expect(nameOutcome(await enter())).toBe("in");
  fixture.twin().clock.advance(7 * 3600);
  expect(nameOutcome(await browser().go(address()))).toBe("in");
  fixture.twin().clock.advance(3600);
  expect(nameOutcome(await browser().go(address()))).toBe("sign-in");
  expect(nameOutcome(await browser().signIn(ben))).toBe("in");
  expect(nameOutcome(await browser().go(address()))).toBe("in");
});

test("the log of sign-ins says what each policy did, or would have done", async () => {
  await declare();
  await declare({ state: "enabledForReportingButNotEnforced", grant: BLOCK });
  await declare({ state: "enabledForReportingButNotEnforced", users: { includeUsers: [chidi.id] } });
  await enter();
  expect(await readLog()).toEqual([]);
  await browser().submit({ second_factor: "register" });
  expect(await readLog()).toMatchObject([
    {
      userPrincipalName: ben.userPrincipalName,
      appDisplayName: "Cloudflare Access",
      conditionalAccessStatus: "success",
      status: { errorCode: 0 },
      appliedConditionalAccessPolicies: [
        { result: "success", enforcedGrantControls: ["mfa"] },
        { result: "reportOnlyFailure" },
        { result: "reportOnlyNotApplied" },
      ],
    },
  ]);
  await declare({ grant: BLOCK });
  browser().cookies = [];
  expect(nameOutcome(await enter())).toBe("AADSTS53003");
  expect((await readLog())[0]).toMatchObject({
    conditionalAccessStatus: "failure",
    status: { errorCode: 53003, failureReason: expect.stringContaining("blocked by Conditional Access") },
  });
});
