import { Deployer, type DeployerArgs } from "../../components/entra/deployer";
import { verifyStack } from "../../ops/checks/verify-stack";
import { createGraphClient } from "../../ops/clients/entra/client";
import { applyBootstrap, planBootstrap } from "../../ops/identities/bootstrap";
import { deployStack } from "../../ops/recovery/deploy";
import type { StackError } from "../../ops/stacks";
import { buildProviderEnvironment } from "../../ops/stacks/environment";
import { Progress } from "../../ops/terminal/progress";
import { contoso, type PrincipalSeed } from "../../twin/index";
import { type EngineFixture, engineTimeout, startEngineFixture } from "../support/engine-fixture";
import { startOidcIssuer } from "../support/oidc-issuer";

jest.setTimeout(engineTimeout);

/** May make applications that it owns, and consent. */
const maker: PrincipalSeed = {
  ...contoso.deployer,
  permissions: ["Application.ReadWrite.OwnedBy", "AppRoleAssignment.ReadWrite.All", "Application.Read.All"],
};

let lab: EngineFixture;
beforeAll(async () => {
  lab = await startEngineFixture();
});
beforeEach(() => {
  const { tenant, account, deployer } = contoso;
  const others = tenant.principals.filter(({ appId }) => appId !== deployer.appId);
  lab.twin.reset({ tenants: [{ ...tenant, principals: [...others, maker] }], accounts: [account] });
});
afterAll(() => lab.close());

const args: DeployerArgs = {
  displayName: "entra-access-drift",
  jobs: ["drift", "verify"],
  trusts: { github: ["contoso/access"] },
  protect: false,
};

test("a program makes the identity of a pipeline, changes whom it trusts, and deletes it", async () => {
  let trusts: DeployerArgs["trusts"] = { github: ["contoso/access"] };
  const stack = await lab.stack({
    program: async () => {
      const { clientId } = new Deployer("drift", { ...args, trusts });
      return { clientId };
    },
  });
  await stack.up();
  expect((await stack.preview()).changes).toEqual([]);
  const { graph } = await lab.administrator();
  const { clientId } = await stack.outputs();
  const find = async () =>
    (await graph.api("/applications").filter(`appId eq '${clientId?.value}'`).get()).value[0];
  const { id, passwordCredentials } = await find();
  expect(passwordCredentials).toEqual([]);
  trusts = { github: ["contoso@123456/access@456789"] };
  await stack.up();
  const { value } = await graph.api(`/applications/${id}/federatedIdentityCredentials`).get();
  expect(value.map(({ subject }: { subject: string }) => subject)).toEqual([
    "repo:contoso@123456/access@456789:environment:drift",
  ]);
  await stack.destroy();
  expect(await find()).toBeUndefined();
});

test("the identity that bootstrap makes deploys from GitHub with the token of its environment alone", async () => {
  const graph = await createGraphClient({
    ...lab.twin,
    tenantId: contoso.tenantId,
    clientId: maker.appId,
    clientSecret: maker.secret,
  });
  const plans = await planBootstrap(graph, {
    name: "entra-access",
    identities: ["production"],
    features: [],
    issuers: { github: ["contoso/access"] },
    owners: [],
    removesOthers: false,
  });
  const target = { tenantId: contoso.tenantId, login: lab.twin.microsoftUrl, removesOthers: false };
  const progress = { patience: 0, wait: async () => {}, onConsentNeeded: () => {} };
  const made = await applyBootstrap(graph, plans, target, progress);
  const issuer = await startOidcIssuer(lab.twin);
  const open = (environment: string) => {
    const { ARM_CLIENT_SECRET: _none, ...env } = buildProviderEnvironment(lab.twin, {
      tenantId: contoso.tenantId,
      clientId: String(made.get("production")?.appId),
      clientSecret: "",
      apiToken: contoso.tokens.deployer.value,
    });
    const job = issuer.buildEnvironment({ subject: `repo:contoso/access:environment:${environment}` });
    return lab.stack({ env: { ...env, ARM_CLIENT_SECRET: "", ...job } });
  };
  const stack = await open("production");
  await deployStack(stack, { progress: new Progress({ write: () => true }) });
  expect((await verifyStack(stack)).result).toBe("in sync");
  const refused = await (await open("drift")).preview().catch((error: unknown) => error);
  expect((refused as StackError).causes.join()).toContain("AADSTS700213");
  await issuer.close();
});
