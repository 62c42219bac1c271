import { createAzureadPackage } from "../../stand-ins/azuread/package";
import { StandIn } from "../../stand-ins/bridge/stand-in";
import { markSecret } from "../../stand-ins/bridge/values";
import { contoso } from "../../twin/index";
import { lab, microsoftSettings, SOME_GUID, standIn, useSignedInStandIn } from "./stand-in-fixture";

useSignedInStandIn();

describe("signing in", () => {
  test("uses the metadata host, and reads the caller's object id from the token", async () => {
    const fresh = new StandIn(createAzureadPackage(lab.wire));
    await fresh.configure(microsoftSettings(lab.twin));
    expect(lab.wire.calls()).toEqual([
      "GET /metadata/endpoints?api-version=2022-09-01",
      `POST /${contoso.tenant.id}/oauth2/v2.0/token`,
    ]);
    const { outputs } = await fresh.invoke("azuread:index/getClientConfig:getClientConfig", {});
    const { clientId, tenantId, objectId } = outputs;
    expect([clientId, tenantId]).toEqual([contoso.deployer.appId, contoso.tenant.id]);
    expect(outputs.id).toBe(`${tenantId}-${clientId}-${objectId}`);
  });

  test.each([
    [
      "a wrong secret",
      { clientSecret: "wrong" },
      /^1 error occurred:\n\t\* building client: unable to obtain access token: clientCredentialsToken: received HTTP status 401 with response: .*AADSTS7000215/,
    ],
    ["an unknown tenant", { tenantId: SOME_GUID }, /building client: .*AADSTS90002/],
    [
      "another machine",
      { metadataHost: "login.microsoftonline.com" },
      /azuread:metadataHost .* must be an address of this machine .* found "https:\/\/login/,
    ],
    ["no secret", { clientSecret: "" }, /azuread:clientSecret is not set/],
  ])("%s is an error of the whole provider", async (_what, change, message) => {
    const fresh = new StandIn(createAzureadPackage(lab.wire));
    await expect(fresh.configure({ ...microsoftSettings(lab.twin), ...change })).rejects.toThrow(message);
  });

  test("reads missing settings from the environment, and marks credentials secret", async () => {
    const { metadataHost, tenantId, clientId, clientSecret } = microsoftSettings(lab.twin);
    const names = {
      ARM_TENANT_ID: tenantId,
      ARM_CLIENT_ID: clientId,
      ARM_CLIENT_SECRET: clientSecret,
      ARM_METADATA_HOSTNAME: metadataHost,
    };
    const before = { ...process.env };
    Object.assign(process.env, names);
    try {
      const fresh = new StandIn(createAzureadPackage(lab.wire));
      await fresh.configure({});
      expect((await fresh.invoke("azuread:index/getClientConfig:getClientConfig", {})).outputs).toMatchObject(
        { clientId },
      );
    } finally {
      for (const name of Object.keys(names)) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
    const { inputs } = standIn.checkConfig("urn:pulumi:dev::lab::pulumi:providers:azuread::ad", {
      clientSecret: "s",
      tenantId,
    });
    expect(inputs).toEqual({ clientSecret: markSecret("s"), tenantId });
  });
});
