import { defineCommand } from "../command";
import { ensureEngine } from "../tools/engine";

export const engineCommand = defineCommand({
  description: `Uses the engine on PATH, otherwise the one in the Pulumi home (PULUMI_HOME, default ~/.pulumi). If there is none, runs
Pulumi's installer; if that cannot be reached, builds the engine with Go.`,
  options: {},
  async run() {
    const { version, source, command } = await ensureEngine({ verify: true });
    console.log(`Pulumi engine ${version} ${source}: ${command}`);
    return 0;
  },
});
