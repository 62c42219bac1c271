import { createAzureadPackage } from "../../stand-ins/azuread/package";
import { StandIn } from "../../stand-ins/bridge/stand-in";
import { markSecret } from "../../stand-ins/bridge/values";
import { contoso, contosoUsers } from "../../twin/index";
import { installAzureCli } from "../support/azure-cli";
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

  test("takes the token of the Azure CLI where no client is configured, or says what the CLI says", async () => {
    const cli = installAzureCli();
    const { tenantId, metadataHost } = microsoftSettings(lab.twin);
    const connect = async () => {
      const fresh = new StandIn(createAzureadPackage(lab.wire, { PATH: cli.path }));
      await fresh.configure({ tenantId, metadataHost });
      return (await fresh.invoke("azuread:index/getClientConfig:getClientConfig", {})).outputs.objectId;
    };
    const { ada } = contosoUsers;
    cli.signIn(await lab.twin.issueAzureCliToken(ada.userPrincipalName));
    expect(await connect()).toBe(ada.id);
    cli.signOut();
    await expect(connect()).rejects.toThrow("building client: running Azure CLI: Please run 'az login'");
    cli.close();
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
