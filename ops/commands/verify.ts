import { EXIT_CODES } from "../checks/check";
import { describeReport } from "../checks/describe";
import { verifyStack } from "../checks/sight";
import { READ_RIGHTS } from "../checks/verify";
import { defineCommand } from "../command";
import { CWD_OPTION, jsonOption, numberOption, STACK_ARGUMENT } from "../options";
import { Stack } from "../stacks";
import { createInterruptSignal } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";

const DAYS = { min: 0, max: 9999 };

export const verify = defineCommand({
  description: `Tests the integration of a stack without a browser: both clouds hold what the stack declares, and the client secret
works. Read-only. Exit code: 0 in sync, 2 a check failed, 1 something could not be checked.`,
  options: {
    stack: STACK_ARGUMENT,
    json: jsonOption("verify"),
    "secret-days": numberOption("fails if the client secret expires within this many days; default: 0", DAYS),
    "sign-in-days": numberOption(
      "fails if nobody has signed in within this many days; default: no check",
      DAYS,
    ),
    cwd: CWD_OPTION,
  },
  notes: `Signs in with ARM_* and CLOUDFLARE_API_TOKEN of the environment, otherwise as the stack's providers do. Required permissions:
${READ_RIGHTS.map((right) => `  ${right}`).join("\n")}`,
  async run({ stack: name, json, cwd, ...days }) {
    const stack = await Stack.openExisting({
      name,
      signal: createInterruptSignal(),
      ...(cwd !== undefined && { projectFolder: cwd }),
    });
    const demands = { secretDays: days["secret-days"], signInDays: days["sign-in-days"] };
    const looking = () => verifyStack(stack, demands);
    const report = json ? await looking() : await new Progress().step("Looking", looking);
    console.log(json ? JSON.stringify(report, undefined, 2) : describeReport(report).join("\n"));
    return EXIT_CODES[report.result];
  },
});
