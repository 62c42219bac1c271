import type { Command } from "../command";
import { ensureEngine } from "../tools/engine";

export const engineCommand: Command = {
  usage: `usage: npm run ops -- engine

Looks on PATH, then in the Pulumi home (PULUMI_HOME, default ~/.pulumi). Where there is none it runs Pulumi's
installer, and where that is out of reach it builds the engine with Go.`,
  options: {},
  async run() {
    const found = await ensureEngine();
    console.log(`Pulumi engine ${found.version} ${found.source}: ${found.command}`);
    return 0;
  },
};
