import { contoso } from "../../../twin/index";
import { GraphInProcess } from "./in-process";

let graph: GraphInProcess;
beforeEach(async () => {
  graph = await GraphInProcess.start();
});

const PATH = "/v1.0/identity/conditionalAccess/policies";
const NOBODY = "11111111-2222-4333-8444-555555555555";
const PHISHING_RESISTANT = "00000000-0000-0000-0000-000000000004";
const ALL = ["Application.Read.All", "Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"];
const ask = (method: string, path: string, body?: unknown) => graph.app(...ALL)(method, path, body);
const context = { includeAuthenticationContextClassReferences: ["c1"] };
const noApplication = { includeApplications: [] };

const policy = ({ applications = {}, conditions = {} }) => ({
  displayName: "MFA for Access",
  state: "enabled",
  conditions: {
    applications: { includeApplications: [contoso.deployer.appId], ...applications },
    users: { includeUsers: ["All"] },
    clientAppTypes: ["all"],
    ...conditions,
  },
  grantControls: { operator: "OR", builtInControls: ["mfa"] },
});

describe("named locations", () => {
  const LOCATIONS = "/v1.0/identity/conditionalAccess/namedLocations";
  const range = (cidrAddress: string) => ({ "@odata.type": "#microsoft.graph.iPv4CidrRange", cidrAddress });
  const office = {
    "@odata.type": "#microsoft.graph.ipNamedLocation",
    displayName: "Office",
    isTrusted: true,
    ipRanges: [range("198.51.100.0/24"), range("2001:db8::/32")],
  };
  const home = {
    "@odata.type": "#microsoft.graph.countryNamedLocation",
    displayName: "Home",
    countriesAndRegions: ["PT", "DE"],
  };

  test("are created, listed, changed, and not deleted while they are trusted or used", async () => {
    const { status, body } = await ask("POST", LOCATIONS, office);
    expect([status, body]).toMatchObject([201, { displayName: "Office", isTrusted: true }]);
    expect(body.ipRanges[1]["@odata.type"]).toBe("#microsoft.graph.iPv6CidrRange");
    const path = `${LOCATIONS}/${body.id}`;
    const locations = { includeLocations: ["All"], excludeLocations: [body.id] };
    const made = (await ask("POST", PATH, policy({ conditions: { locations } }))).body;
    expect(made.conditions.locations).toEqual(locations);
    expect((await ask("DELETE", path)).status).toBe(400);
    expect((await ask("PATCH", path, { isTrusted: false, displayName: "Lisbon" })).status).toBe(204);
    expect((await ask("DELETE", path)).status).toBe(400);
    expect((await ask("PATCH", path, home)).status).toBe(400);
    expect((await ask("GET", path)).body).toMatchObject({ displayName: "Lisbon", isTrusted: false });
    await ask("DELETE", `${PATH}/${made.id}`);
    expect((await ask("DELETE", path)).status).toBe(204);
    expect((await ask("GET", path)).status).toBe(404);
    const country = (await ask("POST", LOCATIONS, home)).body;
    expect((await ask("GET", LOCATIONS)).body.value).toEqual([
      { ...country, "@odata.context": undefined, includeUnknownCountriesAndRegions: false },
    ]);
  });

  test.each([
    ["without a kind", { ...office, "@odata.type": undefined }, 400],
    ["without ranges", { ...office, ipRanges: [] }, 400],
    ["with a range that is too wide", { ...office, ipRanges: [range("10.0.0.0/7")] }, 400],
    ["with a country that is no code", { ...home, countriesAndRegions: ["Portugal"] }, 400],
    ["with the position of phones", { ...home, countryLookupMethod: "authenticatorAppGps" }, 501],
  ])("%s are refused", async (_what, body, status) => {
    expect((await ask("POST", LOCATIONS, body)).status).toBe(status);
  });

  test("are read with Policy.Read.All and written with Policy.ReadWrite.ConditionalAccess as well", async () => {
    const reader = graph.app("Policy.Read.All");
    expect((await reader("GET", LOCATIONS)).status).toBe(200);
    expect((await reader("POST", LOCATIONS, home)).status).toBe(403);
    const both = graph.app("Policy.Read.All", "Policy.ReadWrite.ConditionalAccess");
    expect((await both("POST", LOCATIONS, home)).status).toBe(201);
  });
});

describe("authentication contexts", () => {
  const CONTEXTS = "/v1.0/identity/conditionalAccess/authenticationContextClassReferences";

  test("are created by a change, published, and targets of policies", async () => {
    expect((await ask("GET", `${CONTEXTS}/c1`)).status).toBe(404);
    expect((await ask("PATCH", `${CONTEXTS}/c1`, { displayName: "Vault" })).status).toBe(204);
    expect((await ask("GET", `${CONTEXTS}/c1`)).body).toMatchObject({ id: "c1", isAvailable: false });
    expect((await ask("PATCH", `${CONTEXTS}/c1`, { isAvailable: true })).status).toBe(204);
    expect((await ask("GET", CONTEXTS)).body.value).toEqual([
      { id: "c1", displayName: "Vault", description: null, isAvailable: true },
    ]);
    const made = await ask("POST", PATH, policy({ applications: { ...noApplication, ...context } }));
    expect(made).toMatchObject({ status: 201, body: { conditions: { applications: context } } });
  });

  test("have ids from c1 to c99", async () => {
    for (const id of ["c0", "c100", "vault"])
      expect((await ask("PATCH", `${CONTEXTS}/${id}`, {})).status).toBe(400);
  });

  test("are read with Policy.Read.ConditionalAccess, as Cloudflare does", async () => {
    const cloudflare = graph.app("Policy.Read.ConditionalAccess");
    expect((await cloudflare("GET", CONTEXTS)).status).toBe(200);
    expect((await cloudflare("PATCH", `${CONTEXTS}/c1`, {})).status).toBe(403);
    expect((await graph.app("Directory.Read.All")("GET", CONTEXTS)).status).toBe(403);
  });
});

test("serves the built-in authentication strengths", async () => {
  const path = "/v1.0/policies/authenticationStrengthPolicies";
  const { value } = (await ask("GET", path)).body;
  expect(value.map(({ displayName }: { displayName: string }) => displayName)).toEqual([
    "Multifactor authentication",
    "Passwordless MFA",
    "Phishing resistant MFA",
  ]);
  expect((await ask("GET", `${path}/${PHISHING_RESISTANT}`)).body).toMatchObject({ policyType: "builtIn" });
  expect((await ask("GET", `${path}/${NOBODY}`)).status).toBe(404);
});
