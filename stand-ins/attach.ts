import { createAzureadPackage } from "./azuread/package";
import { createConnections, createNetwork, type HttpWire } from "./bridge/http";
import { startPlugin } from "./bridge/plugin";
import { createCloudflarePackage } from "./cloudflare/package";
import { createRandomPackage } from "./random/package";

/** Running stand-ins. */
export interface AttachedStandIns {
  /** Environment that makes an engine use them instead of starting plugins for each run. */
  readonly env: { readonly PULUMI_DEBUG_PROVIDERS: string };
  close(): void;
}

/**
 * Serves all stand-ins from this process, for any number of engines.
 *
 * @param env the environment that they would have if an engine had started them
 * @param adapt replaces network and clock
 */
export async function attachStandIns(
  env: NodeJS.ProcessEnv,
  adapt: (network: HttpWire) => HttpWire = (network) => network,
): Promise<AttachedStandIns> {
  const connections = createConnections();
  const wire = adapt(createNetwork(env, connections));
  const plugins = {
    azuread: await startPlugin(createAzureadPackage(wire, env)),
    cloudflare: await startPlugin(createCloudflarePackage(wire, env)),
    random: await startPlugin(createRandomPackage()),
  };
  const ports = Object.entries(plugins).map(([name, { port }]) => `${name}:${port}`);
  return {
    env: { PULUMI_DEBUG_PROVIDERS: ports.join(",") },
    close() {
      for (const plugin of Object.values(plugins)) plugin.close();
      for (const agent of Object.values(connections)) agent.destroy();
    },
  };
}
