import { Deployer, type DeployerArgs } from "../../components/entra/deployer";
import { contoso, type PrincipalSeed } from "../../twin/index";
import { type EngineFixture, engineTimeout, startEngineFixture } from "../support/engine-fixture";

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
