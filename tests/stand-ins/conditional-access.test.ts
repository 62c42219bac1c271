import type { GraphApi } from "../../stand-ins/azuread/microsoft-graph/client";
import type { StandIn } from "../../stand-ins/bridge/stand-in";
import { contoso, contosoUsers, devSeed } from "../../twin/index";
import {
  createResource,
  type StandInFixture,
  signInStandIn,
  startStandInFixture,
  urn,
} from "./stand-in-fixture";

const POLICY = "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy";
const LOCATION = "azuread:index/namedLocation:NamedLocation";
const { appId } = contoso.deployer;

let lab: StandInFixture;
let standIn: StandIn<GraphApi>;
beforeAll(async () => {
  lab = await startStandInFixture();
});
beforeEach(async () => {
  const more = ["Application.Read.All", "Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"];
  const deployer = { ...contoso.deployer, permissions: [...contoso.deployer.permissions, ...more] };
  lab.twin.reset({ ...devSeed, tenants: [{ ...contoso.tenant, principals: [deployer] }] });
  standIn = await signInStandIn(lab);
});
afterAll(() => lab.close());

const office = {
  displayName: "Office",
  ip: { ipRanges: ["198.51.100.0/24", "2001:db8::/32"], trusted: true },
};
const policy = {
  displayName: "MFA for Access",
  state: "enabledForReportingButNotEnforced",
  conditions: {
    applications: { includedApplications: [appId] },
    clientAppTypes: ["all"],
    users: { includedUsers: ["All"], excludedUsers: [contosoUsers.farida.id] },
  },
  grantControls: { operator: "OR", builtInControls: ["mfa"] },
};

/** Creates a resource, and expects no difference from what is read afterwards. */
async function createInSync(type: string, values: Record<string, unknown>) {
  const created = await createResource(standIn, type, values);
  const { id, inputs } = created;
  const read = await standIn.read(urn(type), id, created.outputs, inputs);
  const outputs = read?.outputs ?? {};
  expect((await standIn.diff(urn(type), outputs, inputs)).size).toBe(0);
  return { id, inputs, outputs };
}

describe("a policy", () => {
  test("is sent as the real plugin sends it", async () => {
    const { outputs } = await createInSync(POLICY, policy);
    expect(outputs).toHaveProperty("conditions.users.excludedGuestsOrExternalUsers", []);
    expect(outputs).not.toHaveProperty("conditions.applications.filter");
    const { body } = lab.wire.sent.find(({ method }) => method === "POST") ?? {};
    // The first request of the recordings of the real plugin.
    expect(body).toEqual({
      "@odata.type": "#microsoft.graph.conditionalAccessPolicy",
      conditions: {
        applications: { excludeApplications: [], includeApplications: [appId], includeUserActions: [] },
        authenticationFlows: null,
        clientAppTypes: ["all"],
        devices: null,
        locations: null,
        platforms: null,
        servicePrincipalRiskLevels: [],
        signInRiskLevels: [],
        userRiskLevels: [],
        users: {
          excludeGroups: [],
          excludeGuestsOrExternalUsers: null,
          excludeRoles: [],
          excludeUsers: [contosoUsers.farida.id],
          includeGroups: [],
          includeGuestsOrExternalUsers: null,
          includeRoles: [],
          includeUsers: ["All"],
        },
      },
      displayName: "MFA for Access",
      grantControls: {
        builtInControls: ["mfa"],
        customAuthenticationFactors: [],
        operator: "OR",
        termsOfUse: [],
      },
      sessionControls: null,
      state: "enabledForReportingButNotEnforced",
    });
  });

  test.each([
    [
      "an authentication strength",
      {
        grantControls: {
          operator: "OR",
          authenticationStrengthPolicyId:
            "/policies/authenticationStrengthPolicies/00000000-0000-0000-0000-000000000004",
        },
      },
    ],
    [
      "a sign-in frequency",
      { grantControls: undefined, sessionControls: { signInFrequency: 8, signInFrequencyPeriod: "hours" } },
    ],
    ["a sign-in every time", { sessionControls: { signInFrequencyInterval: "everyTime" } }],
    ["a risk", { conditions: { ...policy.conditions, signInRiskLevels: ["high"] } }],
  ])("with %s is in sync once it is created", async (_what, change) => {
    await createInSync(POLICY, { ...policy, ...change });
  });

  test("has the type of each control, null for cloud app security and no other control in what is sent", async () => {
    const strength = "00000000-0000-0000-0000-000000000004";
    await createInSync(POLICY, {
      ...policy,
      grantControls: {
        operator: "OR",
        authenticationStrengthPolicyId: `/policies/authenticationStrengthPolicies/${strength}`,
      },
      sessionControls: { signInFrequency: 8, signInFrequencyPeriod: "hours" },
    });
    const { body } = lab.wire.sent.find(({ method }) => method === "POST") ?? {};
    expect(body).toHaveProperty("grantControls.authenticationStrength", {
      "@odata.type": "#microsoft.graph.authenticationStrengthPolicy",
      id: strength,
    });
    expect(body).toHaveProperty("sessionControls", {
      applicationEnforcedRestrictions: {
        "@odata.type": "#microsoft.graph.applicationEnforcedRestrictionsSessionControl",
        isEnabled: false,
      },
      cloudAppSecurity: null,
      disableResilienceDefaults: false,
      signInFrequency: {
        "@odata.type": "#microsoft.graph.signInFrequencySessionControl",
        authenticationType: "primaryAndSecondaryAuthentication",
        frequencyInterval: "timeBased",
        isEnabled: true,
        type: "hours",
        value: 8,
      },
    });
  });

  test("is changed, found changed, imported and deleted", async () => {
    const { id, inputs, outputs } = await createInSync(POLICY, policy);
    const enabled = await standIn.update(urn(POLICY), id, outputs, { ...inputs, state: "enabled" }, false);
    expect(enabled).toMatchObject({ state: "enabled", objectId: outputs.objectId });
    // The plugin does not read the policy after the five reads that watch the change.
    expect(lab.wire.calls().slice(-6)).toEqual([
      expect.stringMatching(/^PATCH/),
      ...Array(5).fill(expect.stringMatching(/^GET/)),
    ]);
    expect([...(await standIn.diff(urn(POLICY), enabled, inputs)).keys()]).toEqual(["state"]);
    expect((await standIn.read(urn(POLICY), id, {}, {}))?.outputs).toMatchObject({
      displayName: "MFA for Access",
    });
    await standIn.delete(urn(POLICY), id, enabled);
    expect(await standIn.read(urn(POLICY), id, enabled, inputs)).toBeUndefined();
  });

  test("without controls is refused", () => {
    const { failures } = standIn.check(urn(POLICY), { ...policy, grantControls: undefined });
    expect(failures).toEqual([expect.stringContaining("grant_controls")]);
  });
});

describe("a named location", () => {
  test("is created, renamed and, though trusted, deleted", async () => {
    const { id, inputs, outputs } = await createInSync(LOCATION, office);
    const renamed = await standIn.update(
      urn(LOCATION),
      id,
      outputs,
      { ...inputs, displayName: "Lisbon" },
      false,
    );
    expect(renamed).toMatchObject({ displayName: "Lisbon", ip: office.ip });
    lab.wire.sent.length = 0;
    await standIn.delete(urn(LOCATION), id, renamed);
    const [untrusted, ...calls] = lab.wire.sent.map(({ method, body }) => [method, body] as const);
    expect(untrusted?.[0]).toBe("PATCH");
    expect(untrusted?.[1]).toEqual(expect.not.objectContaining({ displayName: "Lisbon" }));
    expect(calls.map(([method]) => method).join(" ")).toBe("GET GET GET GET GET DELETE GET GET GET GET GET");
    await expect(standIn.delete(urn(LOCATION), id, renamed)).resolves.toBeUndefined();
    expect(await standIn.read(urn(LOCATION), id, renamed, inputs)).toBeUndefined();
  });

  test("of countries is replaced when it becomes one of ranges", async () => {
    const home = { displayName: "Home", country: { countriesAndRegions: ["PT", "DE"] } };
    const { outputs } = await createInSync(LOCATION, home);
    const { inputs } = standIn.check(urn(LOCATION), office);
    const diff = await standIn.diff(urn(LOCATION), outputs, inputs);
    expect([...diff.values()].some((kind) => JSON.stringify(kind).includes("replace"))).toBe(true);
  });

  test("must be one of ranges or of countries", () => {
    expect(standIn.check(urn(LOCATION), { displayName: "Nowhere" }).failures).toHaveLength(1);
  });
});
