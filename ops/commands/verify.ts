import { VERDICT_EXIT_CODES } from "../checks/check";
import { describeVerifyReport } from "../checks/describe";
import { READ_PERMISSIONS } from "../checks/verify";
import { verifyStack } from "../checks/verify-stack";
import type { Command } from "../command";
import { Stack } from "../stacks";
import { interruption } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";
import { parseNumber } from "./options";

export const verify: Command = {
  usage: `usage: npx entra-access verify [stack] [--json] [--secret-days <n>] [--sign-in-days <n>]

Tests the integration of a stack without a browser: both clouds must be in sync with its settings, and the client
secret must work. Read-only. Default: the selected stack. Exit code: 0 in sync, 2 a check failed, 1 unknown.

  --json              prints the report as JSON, schema entra-access/verify/1 (docs/commands/verify.md)
  --secret-days <n>   fails if the client secret expires within n days (default: 0)
  --sign-in-days <n>  fails if nobody signed in within n days (default: no sign-in is required)
  -C, --cwd <folder>  the folder of Pulumi.yaml; default: the current folder

It signs in with ARM_* and CLOUDFLARE_API_TOKEN of the environment, or else like the stack's providers. It needs these
permissions:
${READ_PERMISSIONS.map((permission) => `  ${permission}`).join("\n")}`,
  options: {
    json: { type: "boolean" },
    "secret-days": { type: "string" },
    "sign-in-days": { type: "string" },
    cwd: { type: "string", short: "C" },
  },
  positionals: ["stack"],
  async run(options) {
    const requirements = {
      secretDays: parseNumber(options, "secret-days", 0, 9999),
      signInDays: parseNumber(options, "sign-in-days", 0, 9999),
    };
    const stack = await Stack.openOwn({
      name: options.stack as string | undefined,
      signal: interruption(),
      ...(typeof options.cwd === "string" && { projectFolder: options.cwd }),
    });
    const run = () => verifyStack(stack, requirements);
    const report = options.json ? await run() : await new Progress().step("Running the checks", run);
    console.log(
      options.json ? JSON.stringify(report, undefined, 2) : describeVerifyReport(report).join("\n"),
    );
    return VERDICT_EXIT_CODES[report.result];
  },
};
