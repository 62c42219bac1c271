import * as pulumi from "@pulumi/pulumi";
import { CLIENT_SECRET_ONLY } from "../config/run";
import program from "../index";
import {
  accountId,
  answers,
  lastUpdate,
  microsoftGraph,
  order,
  resolved,
  resources,
  startProgram,
  tenantId,
} from "./support/mocks";

const run = async (config: Record<string, unknown> = {}, context = {}) => {
  const all = { tenantId, accountId, teamName: "contoso", ...config };
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(all).map(([key, value]) => [
        `entra-access:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  );
  const outputs = pulumi.output(await program(context));
  return { declared: await resources(), outputs, values: await resolved(outputs) };
};

beforeEach(startProgram);
beforeEach(() => void jest.spyOn(pulumi.log, "info").mockResolvedValue());
afterEach(() => jest.restoreAllMocks());

test("declares these resources and no others", async () => {
  const { declared } = await run();
  expect(Object.keys(declared).sort()).toEqual([
    "entra",
    "entra-admin-consent",
    "entra-application",
    "entra-credential",
    "entra-identity-provider",
    "entra-service-principal",
  ]);
});

test("passes the application's outputs to the identity provider", async () => {
  const { declared } = await run();
  expect(declared["entra-identity-provider"]?.inputs).toMatchObject({
    accountId,
    config: {
      clientId: "entra-application-client",
      clientSecret: "the-client-secret",
      directoryId: tenantId,
    },
  });
});

test("addresses follow from the organization's domain, also in Cloudflare for Government", async () => {
  const authDomain = "contoso.fed.cloudflareaccess.com";
  answers["cloudflare:index/getZeroTrustOrganization:getZeroTrustOrganization"] = { authDomain };
  const { declared, values } = await run();
  const redirectUri = `https://${authDomain}/cdn-cgi/access/callback`;
  expect(declared["entra-application"]?.inputs.web).toMatchObject({ redirectUris: [redirectUri] });
  expect(values).toMatchObject({
    redirectUri,
    testUrl: expect.stringContaining(`https://${authDomain}/cdn-cgi/access/test-idp/`),
  });
});

test("outputs base URL and secret of SCIM, as a secret, and only while it is on", async () => {
  const { outputs, values } = await run({ identityProvider: { scim: { enabled: true } } });
  expect(values).toMatchObject({
    scim: { entra: { baseUrl: "https://scim.example", secret: "scim-secret" } },
  });
  expect(await pulumi.isSecret(outputs)).toBe(true);
  await startProgram();
  expect((await run()).values).not.toHaveProperty("scim");
});

// The engine ends the providers when a resource fails, and a look-up on its way then fails as well.
test("makes all look-ups before it creates resources other than providers", async () => {
  answers["azuread:index/getGroups:getGroups"] = { objectIds: ["x"], displayNames: ["Engineers"] };
  const engineers = { include: { entraGroups: ["Engineers"] } };
  await run({
    access: {
      identityProviders: {
        partner: {
          id: "f174e90a-fafe-4643-bbbc-4a0ed4fc8415",
          tenantId: "0b1c2d3e-4f50-4617-8283-94a5b6c7d8e9",
        },
      },
      ownedEntraGroups: { finance: { displayName: "Finance" } },
      groups: { engineers, partners: { ...engineers, identityProvider: "partner" } },
    },
  });
  const isResource = order.map(({ kind, name }) => kind === "resource" && name !== "entra-partner");
  expect(order.slice(isResource.indexOf(true)).filter(({ kind }) => kind === "call")).toEqual([]);
  expect(isResource).toContain(true);
});

test("reads the service principals of its tenant once, although two resources depend on them", async () => {
  const call = "azuread:index/getServicePrincipals:getServicePrincipals";
  const own = { clientId: "entra-application-client", objectId: "existing", tags: ["webApp"] };
  answers[call] = { servicePrincipals: [microsoftGraph, own] };
  Object.assign(lastUpdate, { clientId: own.clientId });
  const { declared } = await run({ application: { hidden: true }, access: { assignedOnly: true } });
  expect(declared["entra-service-principal"]?.inputs.tags).toEqual(["webApp", "HideApp"]);
  expect(declared["entra-admin-consent"]?.inputs.servicePrincipalObjectId).toBe("existing");
  expect(order.filter(({ name }) => name === call)).toHaveLength(1);
});

const deployed = {
  number: 3,
  displayName: "the deployed name",
  dueAt: "2098-12-01T00:00:00Z",
  expiresAt: "2099-01-01T00:00:00Z",
  periodDays: 90,
  graceDays: 31,
};

describe("after an interrupted update", () => {
  const ofStack = { tags: ["entra-access:entra-access/test"] };
  const credential = { rotation: 3, expires: "2099-01-01T00:00:00Z", keyId: "key" };
  const info = jest.fn();
  beforeEach(() => jest.mocked(pulumi.log.info).mockImplementation(async (text) => info(text)));

  it.each([
    ["names the command that completes it if an application carries the stack's mark", ofStack, {}, 1],
    ["says nothing with no application", new Error("no applications found"), {}, 0],
    ["says nothing with an application of others", { tags: [] }, {}, 0],
    ["says nothing with an application and a completed update", ofStack, { rotation: deployed }, 0],
    ["says nothing with an application and a completed update of release 0.1.0", ofStack, { credential }, 0],
  ])("%s", async (_case, application, outputs, times) => {
    info.mockClear();
    answers["azuread:index/getApplication:getApplication"] = application;
    Object.assign(lastUpdate, outputs);
    await run();
    expect(info).toHaveBeenCalledTimes(times);
    if (times) expect(info).toHaveBeenCalledWith(expect.stringContaining("npx entra-access up"));
  });
});

test("does not move a deployed sign-in to another tenant or account", async () => {
  lastUpdate.tenantId = "9b8c7d6e-0000-4000-8000-000000000000";
  await expect(run()).rejects.toThrow("tenantId must stay 9b8c7d6e-0000-4000-8000-000000000000");
  await startProgram();
  lastUpdate.accountId = "0123456789abcdef0123456789abcdef";
  await expect(run()).rejects.toThrow("accountId must stay 0123456789abcdef0123456789abcdef");
});

test("outputs what operators need next, and never the client secret", async () => {
  lastUpdate.rotation = { ...deployed, keyId: "key-before" };
  const { outputs, values } = await run();
  expect(values).toEqual({
    accountId,
    clientId: "entra-application-client",
    tenantId,
    applicationObjectId: "entra-application-object",
    servicePrincipalObjectId: "entra-service-principal-object",
    identityProviderId: "entra-identity-provider-id",
    redirectUri: "https://contoso.cloudflareaccess.com/cdn-cgi/access/callback",
    rotation: { ...deployed, keyId: "entra-credential-key" },
    testUrl: "https://contoso.cloudflareaccess.com/cdn-cgi/access/test-idp/entra-identity-provider-id",
  });
  expect(await pulumi.isSecret(outputs)).toBe(false);
});

test("keeps the deployed client secret until a higher number is requested", async () => {
  lastUpdate.rotation = deployed;
  const { declared } = await run({
    credential: { rotation: 3, description: "other", periodDays: 7, graceDays: 2 },
  });
  const { rotateWhenChanged, endDate, displayName } = declared["entra-credential"]?.inputs ?? {};
  expect({ rotateWhenChanged, endDate, displayName }).toEqual({
    rotateWhenChanged: { rotation: "3" },
    endDate: deployed.expiresAt,
    displayName: deployed.displayName,
  });
});

test("creates another client secret for a higher number, named after stack and number, with period and overlap", async () => {
  lastUpdate.rotation = deployed;
  const now = () => new Date("2026-11-23T12:34:56.789Z");
  const { declared } = await run({ credential: { rotation: 4, description: "other" } }, { now });
  const { rotateWhenChanged, endDate, displayName } = declared["entra-credential"]?.inputs ?? {};
  expect({ rotateWhenChanged, displayName }).toEqual({
    rotateWhenChanged: { rotation: "4" },
    displayName: "entra-access:entra-access/test#4 other",
  });
  const days = (Date.parse(String(endDate)) - now().getTime()) / (24 * 60 * 60 * 1000);
  expect(days).toBeGreaterThan(30);
  expect(days).toBeLessThanOrEqual(120);
});

test.each([
  ["the default profile", {}, "Group.Read.All"],
  ["a chosen profile", { permissions: { profile: "cloudflare-current" } }, "GroupMember.Read.All"],
  ["an explicit list", { permissions: { names: ["openid", "User.ReadBasic.All"] } }, "User.ReadBasic.All"],
])("consents to %s", async (_case, config, last) => {
  const { declared } = await run(config);
  const consented = declared["entra-admin-consent"]?.inputs.claimValues ?? [];
  expect((consented as string[]).at(-1)).toBe(last);
});

test.each([
  ["a wrong setting", { teamName: "contoso.cloudflareaccess.com" }, /1 problem in the stack's configuration/],
  ["another team's domain", { teamName: "fabrikam" }, /has the domain contoso.cloudflareaccess.com/],
])("%s stops the program before anything is created", async (_case, config, message) => {
  await expect(run(config)).rejects.toThrow(message);
  await expect(run(config)).rejects.toThrow(pulumi.RunError);
  expect(await resources()).toEqual({});
});

test("the update of a client secret alone keeps the mark of one of several sign-ins to a tenant", async () => {
  const fabrikamId = "0b1c2d3e-4f50-4617-8283-94a5b6c7d8e9";
  const identityProviders = {
    fabrikam: { owned: true, tenantId: fabrikamId },
    again: { owned: true, tenantId: fabrikamId, application: { displayName: "Again" } },
  };
  const deployed = { applicationObjectId: "app", clientId: "client", tenantId: fabrikamId };
  Object.assign(lastUpdate, { identityProviders: { again: deployed } });
  const settings = {
    tenantId,
    accountId,
    teamName: "contoso",
    access: JSON.stringify({ identityProviders }),
  };
  pulumi.runtime.setAllConfig({
    ...Object.fromEntries(Object.entries(settings).map(([key, value]) => [`entra-access:${key}`, value])),
    [CLIENT_SECRET_ONLY]: `${process.pid}/again`,
  });
  await resolved(pulumi.output(await program({})));
  const { "again-credential": credential } = await resources();
  expect(credential?.inputs.displayName).toBe("entra-access:entra-access/test:again#1 cloudflare-access");
});
