import * as pulumi from "@pulumi/pulumi";
import program from "../index";
import { accountId, lastUpdate, resolved, resources, startProgram, tenantId } from "./support/mocks";

const run = async (config: Record<string, unknown> = {}) => {
  const all = { tenantId, accountId, teamName: "contoso", ...config };
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(all).map(([key, value]) => [
        `entra-access:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  );
  const outputs = pulumi.output(await program());
  return { declared: await resources(), outputs, values: await resolved(outputs) };
};

beforeEach(startProgram);

test("the stack is these resources and no others", async () => {
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

test("the application's outputs are wired into the identity provider", async () => {
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

test("outputs what people need next, and never the secret", async () => {
  lastUpdate.credential = { rotation: 1, expires: "2099-01-01T00:00:00Z" };
  const { outputs, values } = await run();
  expect(values).toEqual({
    clientId: "entra-application-client",
    tenantId,
    applicationObjectId: "entra-application-object",
    servicePrincipalObjectId: "entra-service-principal-object",
    identityProviderId: "entra-identity-provider-id",
    redirectUri: "https://contoso.cloudflareaccess.com/cdn-cgi/access/callback",
    credential: { keyId: "entra-credential-key", expires: "2099-01-01T00:00:00Z", rotation: 1 },
    testUrl: "https://contoso.cloudflareaccess.com/cdn-cgi/access/test-idp/entra-identity-provider-id",
  });
  expect(await pulumi.isSecret(outputs)).toBe(false);
});

test("a stepped rotation number asks for another secret with another end date", async () => {
  lastUpdate.credential = { rotation: 1, expires: "2099-01-01T00:00:00Z" };
  const { declared } = await run({ credential: { rotation: 2 } });
  const { rotateWhenChanged, endDate } = declared["entra-credential"]?.inputs ?? {};
  expect(rotateWhenChanged).toEqual({ rotation: "2" });
  expect(endDate).not.toBe("2099-01-01T00:00:00Z");
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
])("%s stops the program before anything is made", async (_case, config, message) => {
  await expect(run(config)).rejects.toThrow(message);
  await expect(run(config)).rejects.toThrow(pulumi.RunError);
  expect(await resources()).toEqual({});
});
