import { verifyStack } from "../../ops/checks/verify-stack";
import { checkStack } from "../../ops/drift/stack/check";
import { explainRefusal } from "../../ops/permissions/refusal";
import { updateClientSecrets } from "../../ops/recovery/client-secrets/client-secrets-only";
import { requestRotation } from "../../ops/recovery/client-secrets/rotate";
import { deployStack } from "../../ops/recovery/deploy";
import type { Stack } from "../../ops/stacks";
import { buildProviderEnvironment } from "../../ops/stacks/environment";
import { Progress } from "../../ops/terminal/progress";
import { contoso, contosoUsers } from "../../twin/index";
import type { DirectoryRole } from "../../twin/store/entra/directory-roles";
import { type FakeAzureCli, installAzureCli } from "../support/azure-cli";
import { type EngineFixture, engineTimeout, startEngineFixture } from "../support/engine-fixture";
import { sized } from "../support/size";

jest.setTimeout(engineTimeout);

const progress = new Progress({ write: () => true });
const { ada, ben } = contosoUsers;

let lab: EngineFixture;
let cli: FakeAzureCli;
beforeAll(async () => {
  lab = await startEngineFixture();
  cli = installAzureCli();
});
afterAll(async () => {
  cli.close();
  await lab.close();
});

/** Resets the twin to a tenant in which Ada has this role and Ben reads, and signs Ada in. */
async function signInAda(role: DirectoryRole): Promise<void> {
  const { tenant, account } = contoso;
  const roles: Record<string, DirectoryRole[]> = { [ada.id]: [role], [ben.id]: ["Global Reader"] };
  const users = (tenant.users ?? []).map((user) => ({ ...user, roles: roles[user.id] ?? [] }));
  lab.twin.reset({ tenants: [{ ...tenant, users }], accounts: [account] });
  cli.signIn(await lab.twin.issueAzureCliToken(ada.userPrincipalName));
}

const config = { "entra-access:application": { owners: [ada.id] }, "entra-access:protect": false };

/** Opens a stack that is signed in to Entra by the Azure CLI alone. */
async function open(): Promise<Stack> {
  const env = buildProviderEnvironment(lab.twin, {
    tenantId: contoso.tenantId,
    clientId: "",
    clientSecret: "",
    apiToken: contoso.tokens.deployer.value,
  });
  return lab.stack({
    config,
    env: { ...env, PATH: cli.path },
  });
}

// `npm test` compares the requests of the jobs with the roles: tests/ops/permissions/jobs.test.ts.
sized(test.skip, test).each<DirectoryRole>([
  "Cloud Application Administrator",
  "Application Administrator",
  "Global Administrator",
])("a person with the role %s deploys, checks, rotates and destroys a stack", async (role) => {
  await signInAda(role);
  const stack = await open();
  await deployStack(stack, { progress });
  expect((await stack.preview()).changes).toEqual([]);
  expect((await verifyStack(stack)).result).toBe("in sync");
  expect((await checkStack(stack)).drift.result).toBe("in sync");
  await requestRotation(stack, "forced");
  expect(await updateClientSecrets(stack, progress)).toMatchObject({ failed: [] });
  const ofGraph = lab.twin.requests.filter(({ service }) => service === "graph");
  expect([...new Set(ofGraph.map(({ caller }) => caller))]).toEqual([ada.userPrincipalName]);

  cli.signIn(await lab.twin.issueAzureCliToken(ben.userPrincipalName));
  await stack.configure({ ...config, "entra-access:permissions": { names: ["User.Read"] } });
  expect((await stack.preview()).changes).toHaveLength(2);
  const refused = await deployStack(stack, { progress }).catch((error: unknown) => error);
  expect(await explainRefusal(refused, "deploy", () => stack.providerSettings())).toBe(
    "You lack the directory role Cloud Application Administrator.",
  );
  cli.signIn(await lab.twin.issueAzureCliToken(ada.userPrincipalName));
  await stack.destroy();
});
