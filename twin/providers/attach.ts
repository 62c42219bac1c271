import { azuread } from "./azuread/package";
import { cloudflare } from "./cloudflare/package";
import { networkIn, type Wire } from "./http";
import { startPlugin } from "./plugin";
import { random } from "./random/package";

/** Stand-ins that run already. */
export interface Attached {
  /** What tells an engine to use them, in place of plugins that it starts for each run. */
  readonly env: { readonly PULUMI_DEBUG_PROVIDERS: string };
  close(): void;
}

/**
 * Serves all stand-ins from this process, for any number of engines.
 *
 * @param env what they would find in their environment if they were started by an engine
 * @param adapt how they send and wait, where that differs from the network and the system's clock
 */
export async function attachStandIns(
  env: NodeJS.ProcessEnv,
  adapt: (network: Wire) => Wire = (network) => network,
): Promise<Attached> {
  const wire = adapt(networkIn(env));
  const plugins = {
    azuread: await startPlugin(azuread(wire, env)),
    cloudflare: await startPlugin(cloudflare(wire, env)),
    random: await startPlugin(random()),
  };
  const ports = Object.entries(plugins).map(([name, { port }]) => `${name}:${port}`);
  return {
    env: { PULUMI_DEBUG_PROVIDERS: ports.join(",") },
    close() {
      for (const plugin of Object.values(plugins)) plugin.close();
    },
  };
}
