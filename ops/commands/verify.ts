import { VERDICT_EXIT_CODES } from "../checks/check";
import { describeVerifyReport } from "../checks/describe";
import { READ_PERMISSIONS } from "../checks/verify";
import { verifyStack } from "../checks/verify-stack";
import { defineCommand } from "../command";
import { CWD_OPTION, jsonOption, numberOption, STACK_ARGUMENT } from "../options";
import { Stack } from "../stacks";
import { createInterruptSignal } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";

const DAYS = { min: 0, max: 9999 };

export const verifyCommand = defineCommand({
  description: `Tests the sign-in of a deployed stack without a browser: both clouds must be in sync with its settings, and the client
secret must work. Read-only. Exit code: 0 in sync, 2 a check failed, 1 unknown.`,
  options: {
    stack: STACK_ARGUMENT,
    json: jsonOption("verify"),
    "secret-days": numberOption("fails if the client secret expires within n days; default: 0", DAYS),
    "sign-in-days": numberOption("fails if nobody signed in within n days; default: not required", DAYS),
    cwd: CWD_OPTION,
  },
  notes: `It signs in with ARM_* and CLOUDFLARE_API_TOKEN of the environment, or else like the stack's providers. It needs these
permissions:
${READ_PERMISSIONS.map((permission) => `  ${permission}`).join("\n")}`,
  async run({ stack: name, json, cwd, ...days }) {
    const requirements = { secretDays: days["secret-days"], signInDays: days["sign-in-days"] };
    const stack = await Stack.openExisting({
      name,
      signal: createInterruptSignal(),
      ...(cwd !== undefined && { projectFolder: cwd }),
    });
    const run = () => verifyStack(stack, requirements);
    const report = json ? await run() : await new Progress().step("Running the checks", run);
    console.log(json ? JSON.stringify(report, undefined, 2) : describeVerifyReport(report).join("\n"));
    return VERDICT_EXIT_CODES[report.result];
  },
});
