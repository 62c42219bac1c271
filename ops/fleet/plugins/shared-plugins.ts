import type { Deployment } from "@pulumi/pulumi/automation";
import { readStackState } from "../../stacks/state/state";
import { findInstalledPlugin, isOnlyVersion } from "./installed-plugin";
import { PluginRelay } from "./plugin-relay";

const PACKAGES = ["azuread", "cloudflare", "random"];

/** The provider plugins of a process that runs one engine after another. */
export class SharedPlugins {
  private readonly relays = new Map<string, PluginRelay>();

  constructor(
    private readonly projectFolder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /**
   * Returns the environment that makes the next engine use these plugins. It starts any other itself.
   *
   * @param state of the stack that the engine works on
   */
  async attach(state: Deployment): Promise<Record<string, string>> {
    const { projectFolder, env } = this;
    if (env.PULUMI_DEBUG_PROVIDERS) return {};
    const attached: string[] = [];
    for (const name of PACKAGES) {
      const plugin = findInstalledPlugin(name, projectFolder, env);
      if (!plugin || !isOnlyVersion(name, plugin.version, readStackState(state))) continue;
      const relay = this.relays.get(name) ?? (await PluginRelay.start(plugin.program, projectFolder, env));
      this.relays.set(name, relay);
      attached.push(`${name}:${relay.port}`);
    }
    return attached.length > 0 ? { PULUMI_DEBUG_PROVIDERS: attached.join(",") } : {};
  }

  async close(): Promise<void> {
    await Promise.all([...this.relays.values()].map((relay) => relay.close()));
  }
}
