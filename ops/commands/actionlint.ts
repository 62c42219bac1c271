import type { Command } from "../command";
import { ensureActionlint } from "../tools/actionlint";

export const actionlintCommand: Command = {
  usage: `usage: npm run ops -- actionlint

Takes the actionlint on PATH if it is the version of ops/tools/actionlint/go.mod, else builds that one with Go.`,
  options: {},
  async run() {
    console.log(`actionlint: ${await ensureActionlint()}`);
    return 0;
  },
};
