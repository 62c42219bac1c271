import { ensureActionlint } from "../actionlint";
import type { Command } from "../command";

export const actionlint: Command = {
  usage: `usage: npm run ops -- actionlint

Takes the actionlint on PATH if it is the version of ops/actionlint/go.mod, else builds that one with Go.`,
  options: {},
  async run() {
    console.log(`actionlint: ${await ensureActionlint()}`);
    return 0;
  },
};
