import { defineCommand } from "../command";
import { CWD_OPTION, flagOption, jsonOption, STACK_ARGUMENT } from "../options";
import { deployStack } from "../recovery/deploy";
import { buildUpReport, describeUpReport, UP_EXIT_CODES, type UpReport } from "../recovery/report";
import { Stack } from "../stacks";
import { createInterruptSignal } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";
import { ensureEngine } from "../tools/engine";

export const upCommand = defineCommand({
  description: `Recovers from an interrupted run, then runs pulumi up; docs/commands/up.md lists the states it recovers from. Uses the
backend, passphrase, config and sign-in that pulumi uses here. Safe to run again at any time.
Exit code: 0 in sync, 2 action needed, 1 it failed.`,
  options: {
    stack: STACK_ARGUMENT,
    resend: flagOption(
      "sends the client secret to Cloudflare again; no preview shows whether its copy is right",
    ),
    json: jsonOption("up"),
    cwd: CWD_OPTION,
  },
  async run({ stack: name, resend, json, cwd }) {
    const progress = new Progress(json ? process.stderr : process.stdout);
    const stack = await openStack(progress, name, cwd, true);
    const result = await deployStack(stack, { progress, resend });
    return printUpReport(buildUpReport(stack.name, result), json);
  },
});

/** Opens a stack. @param policyPack judges what it deploys; a rotation must not depend on that. Default: false */
export async function openStack(
  progress: Progress,
  name: string | undefined,
  projectFolder: string | undefined,
  policyPack = false,
): Promise<Stack> {
  const signal = createInterruptSignal();
  const engine = await ensureEngine({ progress, signal });
  const options = { name, engine, signal, policyPack, ...(projectFolder !== undefined && { projectFolder }) };
  return progress.step(name === undefined ? "Opening the selected stack" : `Opening stack ${name}`, () =>
    Stack.openExisting(options),
  );
}

/** Prints the report. @returns the exit code */
export function printUpReport(report: UpReport, json: boolean): number {
  console.log(json ? JSON.stringify(report, undefined, 2) : describeUpReport(report).join("\n"));
  return UP_EXIT_CODES[report.result];
}
