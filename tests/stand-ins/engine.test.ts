import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as azuread from "@pulumi/azuread";
import * as cloudflare from "@pulumi/cloudflare";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import * as random from "@pulumi/random";
import { createPulumiCommand } from "../../ops/stacks/pulumi-command";
import { findEngine } from "../../ops/tools/engine";
import { installStandIns } from "../../stand-ins/install";
import { contoso, startTwin, type Twin } from "../../twin/index";
import { type KeyService, startKeyService } from "../support/key-service";
import { writeNewStack } from "../support/new-stack";

/** The inputs of the program, which a test may change. */
const said = { displayName: "Cloudflare Access", generation: "1" };

async function program() {
  const { accountId } = contoso;
  const me = await azuread.getClientConfig();
  const clientId = "00000003-0000-0000-c000-000000000000";
  const [graphObjectId = ""] = (await azuread.getServicePrincipals({ clientIds: [clientId] })).objectIds;
  const { authDomain } = await cloudflare.getZeroTrustOrganization({ accountId });
  const suffix = new random.RandomString("suffix", { length: 6, special: false, upper: false });
  const guid = new random.RandomUuid("guid", { keepers: { of: "a role" } });
  const app = new azuread.Application("app", {
    displayName: said.displayName,
    preventDuplicateNames: true,
    owners: [me.objectId],
    web: { redirectUris: [`https://${authDomain}/cdn-cgi/access/callback`] },
    optionalClaims: { idTokens: [{ name: "email" }] },
    requiredResourceAccesses: [
      {
        resourceAppId: clientId,
        resourceAccesses: [{ id: "37f7f235-527c-4136-accd-4a02d197296e", type: "Scope" }],
      },
    ],
  });
  const onApp = { deletedWith: app };
  const principal = new azuread.ServicePrincipal(
    "sp",
    { clientId: app.clientId, owners: [me.objectId] },
    onApp,
  );
  const password = new azuread.ApplicationPassword(
    "password",
    {
      applicationId: app.id,
      displayName: "access",
      endDate: "2098-01-01T00:00:00Z",
      rotateWhenChanged: { generation: said.generation },
    },
    onApp,
  );
  new azuread.ServicePrincipalDelegatedPermissionGrant(
    "consent",
    {
      servicePrincipalObjectId: principal.objectId,
      resourceServicePrincipalObjectId: graphObjectId,
      claimValues: ["openid"],
    },
    onApp,
  );
  const idp = new cloudflare.ZeroTrustAccessIdentityProvider("idp", {
    accountId,
    name: suffix.result,
    type: "azureAD",
    config: {
      clientId: app.clientId,
      clientSecret: password.value,
      directoryId: me.tenantId,
      supportGroups: true,
      pkceEnabled: true,
    },
    scimConfig: { enabled: true },
  });
  return { objectId: app.objectId, idp: idp.id, keyId: password.keyId, guid: guid.result };
}

let twin: Twin;
let home: string;
let keyService: KeyService;
let stack: Stack;

beforeAll(async () => {
  twin = await startTwin();
  home = mkdtempSync(join(tmpdir(), "stand-ins-engine-"));
  installStandIns(home);
  keyService = await startKeyService();
  writeNewStack(home, home, "dev");
  stack = await LocalWorkspace.selectStack(
    { stackName: "dev", projectName: "entra-access", program },
    {
      pulumiCommand: createPulumiCommand(await findEngine()),
      workDir: home,
      pulumiHome: home,
      envVars: {
        PULUMI_BACKEND_URL: `file://${home}`,
        ...keyService.env,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        SSL_CERT_FILE: twin.caFile,
      },
    },
  );
  await stack.setAllConfig({
    "azuread:metadataHost": { value: twin.metadataHost },
    "azuread:tenantId": { value: contoso.tenantId },
    "azuread:clientId": { value: contoso.deployer.appId },
    "azuread:clientSecret": { value: contoso.deployer.secret, secret: true },
    "cloudflare:apiToken": { value: contoso.tokens.deployer.value, secret: true },
    "cloudflare:baseUrl": { value: twin.cloudflareUrl },
  });
}, 60_000);
afterAll(async () => {
  await keyService.close();
  await twin.close();
  rmSync(home, { recursive: true, force: true });
});

test("runs the full life cycle of every type with the engine", async () => {
  expect((await stack.preview()).changeSummary).toEqual({ create: 8 });
  const { outputs } = await stack.up();
  expect(outputs.idp?.value).toMatch(/^[0-9a-f-]{36}$/);

  expect((await stack.preview()).changeSummary).toEqual({ same: 8 });
  expect((await stack.refresh()).summary.resourceChanges).toEqual({ same: 8 });
  expect((await stack.preview()).changeSummary).toEqual({ same: 8 });

  const before = twin.requests.length;
  said.displayName = "Renamed";
  said.generation = "2";
  expect((await stack.up()).summary.resourceChanges).toEqual({ same: 5, replace: 1, update: 2 });
  const writes = twin.requests.slice(before).filter(({ method }) => method !== "GET");
  expect(writes.map(({ method, path }) => `${method} ${path.split("/").at(-1)}`)).toEqual([
    "POST token",
    `PATCH ${outputs.objectId?.value}`,
    "POST addPassword",
    `PUT ${outputs.idp?.value}`,
    "POST removePassword",
  ]);

  // Not by `exportStack`: it decrypts.
  const state = readFileSync(join(home, ".pulumi", "stacks", "entra-access", "dev.json"), "utf8");
  expect(state).not.toMatch(/8Q~|scim_|not-a-real-secret/);
  expect(state).toMatch(/"supportGroups": true/);

  expect((await stack.destroy()).summary.resourceChanges).toEqual({ delete: 8 });
}, 120_000);
