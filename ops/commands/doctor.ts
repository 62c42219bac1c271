import { VERDICT_EXIT_CODES } from "../checks/check";
import { describeCheckResults, describeVerdict } from "../checks/describe";
import type { Command } from "../command";
import { doctor as examine } from "../doctor/doctor";
import { Progress } from "../terminal/progress";

export const doctor: Command = {
  usage: `usage: npx entra-access doctor [stack] [--json]

Looks whether everything is there for pulumi up: Node.js, engine, plugins, backend, stack and passphrase, sign-in to
both clouds, and the deployer's rights. Changes nothing. Default: the selected stack.
Exit code: 0 all there, 2 something is missing, 1 could not tell.

  --json         the report as JSON, schema entra-access/doctor/1 (docs/operations.md)
  -C, --cwd <f>  the folder of Pulumi.yaml; default: this one`,
  options: { json: { type: "boolean" }, cwd: { type: "string", short: "C" } },
  positionals: ["stack"],
  async run({ stack, json, cwd }) {
    const projectFolder = cwd as string | undefined;
    const looking = () => examine({ stack: stack as string | undefined, projectFolder });
    const report = json ? await looking() : await new Progress().step("Looking", looking);
    const lines = [...describeCheckResults(report.checks), "", describeVerdict(report.result, report.checks)];
    console.log(json ? JSON.stringify(report, undefined, 2) : lines.join("\n"));
    return VERDICT_EXIT_CODES[report.result];
  },
};
