import { defineCommand } from "../command";
import { ensureActionlint } from "../tools/actionlint";

export const actionlintCommand = defineCommand({
  description: `Uses the actionlint on PATH if its version is that of ops/tools/actionlint/go.mod; otherwise builds that version with
Go.`,
  options: {},
  async run() {
    console.log(`actionlint: ${await ensureActionlint()}`);
    return 0;
  },
});
