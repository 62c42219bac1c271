import { EXIT_CODES } from "../checks/check";
import { describeFindings, describeResult } from "../checks/describe";
import type { Command } from "../command";
import { doctor as examine } from "../doctor/doctor";
import { Progress } from "../progress";

export const doctor: Command = {
  usage: `usage: npm run ops -- doctor [stack] [--json]

Looks whether everything is there for pulumi up: Node.js, engine, plugins, backend, stack and passphrase, sign-in to
both clouds, and the deployer's rights. Changes nothing. Default: the selected stack.
Exit code: 0 all there, 2 something is missing, 1 could not tell.

  --json   the report as JSON, schema entra-access/doctor/1 (docs/operations.md)`,
  options: { json: { type: "boolean" } },
  positionals: ["stack"],
  async run({ stack, json }) {
    const looking = () => examine({ stack: stack as string | undefined });
    const report = json ? await looking() : await new Progress().step("Looking", looking);
    const lines = [...describeFindings(report.checks), "", describeResult(report.result, report.checks)];
    console.log(json ? JSON.stringify(report, undefined, 2) : lines.join("\n"));
    return EXIT_CODES[report.result];
  },
};
