import type { OutputMap } from "@pulumi/pulumi/automation";
import { cloudflareAs, entraCloud, graphAs, type ProviderSettings } from "../clients/deployer";
import { UserError } from "../errors";
import { knownFrom } from "../recovery/known";
import type { Stack } from "../stacks";
import { askedOf } from "./asked";
import type { GivenSecret, Sight } from "./reading";
import { type VerifyOptions, type VerifyReport, verify } from "./verify";

/**
 * {@link verify} for a stack: what it was asked for, and both clouds as the environment or its settings sign in.
 *
 * @throws UserError when the stack cannot be read, or was never deployed
 */
export async function verifyStack(
  stack: Stack,
  options: Omit<VerifyOptions, "stack"> = {},
): Promise<VerifyReport> {
  const asked = askedOf(await stack.config(), deployed(await stack.outputs(), stack.name));
  const settings = asReader(await stack.providerSettings());
  return verify(
    sightOf(settings, () => givenSecret(stack)),
    asked,
    { ...options, stack: stack.name },
  );
}

function deployed(outputs: OutputMap, name: string): OutputMap {
  if (outputs.clientId && outputs.identityProviderId) return outputs;
  throw new UserError(`stack ${name} has no outputs: it was never deployed, or not to its end`, [
    "Run `pulumi up` first.",
  ]);
}

/** Both clouds through the settings of a stack's providers; nothing is asked before it is needed. */
export function sightOf(settings: ProviderSettings, secret: () => Promise<GivenSecret>): Sight {
  let entra: ReturnType<typeof entraCloud> | undefined;
  let graph: ReturnType<typeof graphAs> | undefined;
  const cloud = () => (entra ??= entraCloud(settings));
  return {
    entra: cloud,
    graph: () => (graph ??= cloud().then((found) => graphAs(settings, found))),
    cloudflare: async () => cloudflareAs(settings),
    secret,
  };
}

/** Who looks may be somebody with less rights than the deployer: credentials in the environment come first. */
export function asReader({ config, env }: ProviderSettings): ProviderSettings {
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
export async function givenSecret(stack: Stack): Promise<GivenSecret> {
  const { resources, credentials } = knownFrom(await stack.export());
  const config = resources.get("identityProvider")?.inputs?.config as { clientSecret?: string } | undefined;
  const value = config?.clientSecret;
  if (!value) throw new UserError("the state has no client secret");
  const credential = credentials.find(({ outputs }) => outputs?.value === value);
  return { value, keyId: credential?.outputs?.keyId as string | undefined };
}
