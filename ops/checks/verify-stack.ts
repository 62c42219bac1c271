import type { Deployment, OutputMap } from "@pulumi/pulumi/automation";
import { OWN_IDENTITY_PROVIDER } from "../../config/access/rules";
import {
  findEntraCloud,
  type ProviderConfiguration,
  signInToCloudflare,
  signInToGraph,
} from "../clients/deployer";
import { UserError } from "../errors";
import { readTenantOutputs, readTenantState } from "../recovery/tenant-state";
import type { Stack } from "../stacks";
import { readOutputs } from "../stacks/state/state";
import { listTenants, type StackTenant } from "../tenants";
import type { CheckResult } from "./check";
import {
  type CloudAccess,
  type DeployedClientSecret,
  VerifyContext,
  type VerifyRequirements,
} from "./context";
import { deriveExpectedSignIn, type ExpectedSignIn } from "./expected-sign-in";
import { type VerifiedTenant, type VerifyReport, verifySignIn, verifyTenant } from "./verify";

/**
 * Verifies a stack, signed in to both clouds as the environment or else the stack's providers say.
 *
 * @throws UserError if the stack cannot be read or was never deployed
 */
export async function verifyStack(
  stack: Stack,
  requirements: VerifyRequirements = {},
): Promise<VerifyReport> {
  const state = await stack.export({ secrets: true });
  const outputs = readOutputs(state);
  if (!isDeployed(outputs))
    throw new UserError(`stack ${stack.name} has no outputs: it ${UNDEPLOYED}`, [
      "Run `npx entra-access up` first.",
    ]);
  const [own, ...others] = listTenants(preferEnvironmentSignIn(await stack.providerSettings()));
  const entraGroups = outputs.entraGroups?.value as Record<string, ExpectedSignIn["entraGroups"]> | undefined;
  const prepare = ({ name, settings }: StackTenant) =>
    [
      createCloudAccess(settings, async () => readDeployedClientSecret(state, name)),
      deriveExpectedSignIn(settings.config, readTenantOutputs(outputs, name), entraGroups?.[name]),
    ] as const;
  const further = others.map(async (tenant): Promise<[string, VerifiedTenant]> => {
    const [clouds, expected] = prepare(tenant);
    const verified = isDeployed(readTenantOutputs(outputs, tenant.name))
      ? await verifyTenant(new VerifyContext(clouds, expected, requirements))
      : createUndeployedTenant(expected.tenantId, tenant.name);
    return [tenant.name, verified];
  });
  const verified = Object.fromEntries(await Promise.all(further));
  return verifySignIn(...prepare(own), { ...requirements, stack: stack.name, further: verified });
}

const UNDEPLOYED = "was never deployed completely";

function isDeployed(outputs: OutputMap): boolean {
  return Boolean(outputs.clientId && outputs.identityProviderId);
}

function createUndeployedTenant(tenantId: string, name: string): VerifiedTenant {
  const result: CheckResult = {
    id: "outputs",
    subject: "outputs of the stack",
    status: "unknown",
    source: `the stack's state, output identityProviders.${name}`,
    actual: "",
    expected: "",
    cause: `the sign-in ${UNDEPLOYED}`,
    advice: "Run `npx entra-access up`.",
  };
  return { tenantId, result: "unknown", checks: [result] };
}

/** Creates access to both clouds with the settings of a stack's providers; signs in only when needed. */
export function createCloudAccess(
  settings: ProviderConfiguration,
  clientSecret: () => Promise<DeployedClientSecret>,
): CloudAccess {
  let entra: ReturnType<typeof findEntraCloud> | undefined;
  let graph: ReturnType<typeof signInToGraph> | undefined;
  const openEntra = () => (entra ??= findEntraCloud(settings));
  return {
    entra: openEntra,
    graph: () => (graph ??= openEntra().then((cloud) => signInToGraph(settings, cloud))),
    cloudflare: async () => signInToCloudflare(settings),
    clientSecret,
  };
}

/**
 * Drops the stack's own sign-in where the environment has one, as the reader may have fewer permissions than the
 * deployer. The sign-in of a further tenant stays, because the environment's is for the stack's own tenant.
 */
export function preferEnvironmentSignIn({ config, env }: ProviderConfiguration): ProviderConfiguration {
  const replaced = [
    ...(env.ARM_CLIENT_ID ? Object.keys(config).filter((key) => /^azuread:(client|oidc|use)/.test(key)) : []),
    ...(env.CLOUDFLARE_API_TOKEN ? ["cloudflare:apiToken"] : []),
  ];
  return {
    config: Object.fromEntries(Object.entries(config).filter(([key]) => !replaced.includes(key))),
    env,
  };
}

/** Reads the client secret that Cloudflare has from the state; it stays in memory, for one call to the token endpoint. */
export function readDeployedClientSecret(
  state: Deployment,
  signIn = OWN_IDENTITY_PROVIDER,
): DeployedClientSecret {
  const { resources, clientSecrets } = readTenantState(state, signIn);
  const config = resources.get("identityProvider")?.inputs?.config as { clientSecret?: string } | undefined;
  const value = config?.clientSecret;
  if (!value) throw new UserError("the state has no client secret");
  const credential = clientSecrets.find(({ outputs }) => outputs?.value === value);
  return { value, keyId: credential?.outputs?.keyId as string | undefined };
}
