import type { Deployment, OutputMap } from "@pulumi/pulumi/automation";
import {
  findEntraCloud,
  type ProviderConfiguration,
  signInToCloudflare,
  signInToGraph,
} from "../clients/deployer";
import { UserError } from "../errors";
import { readTenantOutputs, readTenantState } from "../recovery/tenant-state";
import type { Stack } from "../stacks";
import { readOutputs } from "../stacks/state";
import { listTenants, OWN_TENANT, type StackTenant } from "../tenants";
import { askedOf } from "./asked";
import type { Finding } from "./check";
import { type Demands, type GivenSecret, Reading, type Sight } from "./reading";
import { type VerifiedTenant, type VerifyReport, verify, verifyTenant } from "./verify";

/**
 * {@link verify} for a stack: what it was asked for, and both clouds as the environment or its settings sign in.
 *
 * @throws UserError when the stack cannot be read, or was never deployed
 */
export async function verifyStack(stack: Stack, demands: Demands = {}): Promise<VerifyReport> {
  const state = await stack.export({ secrets: true });
  const outputs = readOutputs(state);
  if (!isDeployed(outputs))
    throw new UserError(`stack ${stack.name} has no outputs: it ${UNDEPLOYED}`, ["Run `pulumi up` first."]);
  const [own, ...others] = listTenants(asReader(await stack.providerSettings()));
  const through = ({ name, settings }: StackTenant) =>
    [
      sightOf(settings, async () => givenSecret(state, name)),
      askedOf(settings.config, readTenantOutputs(outputs, name)),
    ] as const;
  const further = others.map(async (tenant): Promise<[string, VerifiedTenant]> => {
    const [sight, asked] = through(tenant);
    const found = isDeployed(readTenantOutputs(outputs, tenant.name))
      ? await verifyTenant(new Reading(sight, asked, demands))
      : undeployed(asked.tenantId, tenant.name);
    return [tenant.name, found];
  });
  const found = Object.fromEntries(await Promise.all(further));
  return verify(...through(own), { ...demands, stack: stack.name, further: found });
}

const UNDEPLOYED = "was never deployed, or not to its end";

function isDeployed(outputs: OutputMap): boolean {
  return Boolean(outputs.clientId && outputs.identityProviderId);
}

/** A tenant that is in the settings, and that nobody brought up. */
function undeployed(tenantId: string, name: string): VerifiedTenant {
  const nothing: Finding = {
    id: "outputs",
    subject: "outputs of the stack",
    status: "unknown",
    looksAt: `the stack's state, output identityProviders.${name}`,
    found: "",
    wanted: "",
    cause: `the sign-in ${UNDEPLOYED}`,
    advice: "Run `pulumi up`.",
  };
  return { tenantId, result: "could not tell", checks: [nothing] };
}

/** Both clouds through the settings of a stack's providers; nothing is asked before it is needed. */
export function sightOf(settings: ProviderConfiguration, secret: () => Promise<GivenSecret>): Sight {
  let entra: ReturnType<typeof findEntraCloud> | undefined;
  let graph: ReturnType<typeof signInToGraph> | undefined;
  const cloud = () => (entra ??= findEntraCloud(settings));
  return {
    entra: cloud,
    graph: () => (graph ??= cloud().then((found) => signInToGraph(settings, found))),
    cloudflare: async () => signInToCloudflare(settings),
    secret,
  };
}

/**
 * Who looks may be somebody with less rights than the deployer: credentials in the environment come first. Those that the
 * settings have for a further tenant stay: the environment's are of the stack's own.
 */
export function asReader({ config, env }: ProviderConfiguration): ProviderConfiguration {
  const replaced = [
    ...(env.ARM_CLIENT_ID ? Object.keys(config).filter((key) => /^azuread:(client|oidc|use)/.test(key)) : []),
    ...(env.CLOUDFLARE_API_TOKEN ? ["cloudflare:apiToken"] : []),
  ];
  return {
    config: Object.fromEntries(Object.entries(config).filter(([key]) => !replaced.includes(key))),
    env,
  };
}

/** The secret that Cloudflare was given last: it stays in memory, for one call to the token endpoint. */
export function givenSecret(state: Deployment, tenant = OWN_TENANT): GivenSecret {
  const { resources, clientSecrets } = readTenantState(state, tenant);
  const config = resources.get("identityProvider")?.inputs?.config as { clientSecret?: string } | undefined;
  const value = config?.clientSecret;
  if (!value) throw new UserError("the state has no client secret");
  const credential = clientSecrets.find(({ outputs }) => outputs?.value === value);
  return { value, keyId: credential?.outputs?.keyId as string | undefined };
}
