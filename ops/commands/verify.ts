import { EXIT_CODES } from "../checks/check";
import { describeReport } from "../checks/describe";
import { verifyStack } from "../checks/sight";
import { READ_RIGHTS } from "../checks/verify";
import type { Command } from "../command";
import { UsageError } from "../errors";
import { Stack } from "../stacks";
import { createInterruptSignal } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";

export const verify: Command = {
  usage: `usage: npx entra-access verify [stack] [--json] [--secret-days <n>] [--sign-in-days <n>]

Tests the integration of a stack without a browser: what both clouds hold is what the stack declares, and the client
secret works. Reads only. Default: the selected stack. Exit code: 0 as declared, 2 a check failed, 1 could not tell.

  --json              the report as JSON, schema entra-access/verify/1 (docs/operations.md)
  --secret-days <n>   fails when the client secret ends within so many days (default 0)
  --sign-in-days <n>  fails when nobody signed in within so many days (default: nobody has to)
  -C, --cwd <f>       the folder of Pulumi.yaml; default: this one

It signs in as ARM_* and CLOUDFLARE_API_TOKEN of the environment say, else as the stack's providers do. Enough is:
${READ_RIGHTS.map((right) => `  ${right}`).join("\n")}`,
  options: {
    json: { type: "boolean" },
    "secret-days": { type: "string" },
    "sign-in-days": { type: "string" },
    cwd: { type: "string", short: "C" },
  },
  positionals: ["stack"],
  async run(options) {
    const demands = {
      secretDays: days(options, "secret-days"),
      signInDays: days(options, "sign-in-days"),
    };
    const stack = await Stack.openOwn({
      name: options.stack as string | undefined,
      signal: createInterruptSignal(),
      ...(typeof options.cwd === "string" && { projectFolder: options.cwd }),
    });
    const looking = () => verifyStack(stack, demands);
    const report = options.json ? await looking() : await new Progress().step("Looking", looking);
    console.log(options.json ? JSON.stringify(report, undefined, 2) : describeReport(report).join("\n"));
    return EXIT_CODES[report.result];
  },
};

function days(options: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const given = options[name];
  if (given === undefined) return undefined;
  if (/^\d{1,4}$/.test(String(given))) return Number(given);
  throw new UsageError(`--${name} is "${given}"; want a number of days`);
}
