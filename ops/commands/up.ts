import type { Command } from "../command";
import { deployStack } from "../recovery/deploy";
import { buildUpReport, describeUpReport, UP_EXIT_CODES, type UpReport } from "../recovery/report";
import { Stack } from "../stacks";
import { createInterruptSignal } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";
import { ensureEngine } from "../tools/engine";

export const upCommand: Command = {
  usage: `usage: npx entra-access up [stack] [--resend] [--json]

Recovers from whatever an earlier run left behind, then does what pulumi up does: docs/operations.md has the states.
Backend, passphrase, settings and sign-in are those that pulumi uses here. Can be run again at any time.

  [stack]         default: the one that pulumi stack select chose
  --resend        sends Cloudflare its copy of the client secret again: no preview shows when that copy is wrong
  --json          what was done as JSON, schema entra-access/up/1 (docs/operations.md); progress goes to standard error
  -C, --cwd <f>   the folder of Pulumi.yaml; default: this one`,
  options: {
    resend: { type: "boolean" },
    json: { type: "boolean" },
    cwd: { type: "string", short: "C" },
  },
  positionals: ["stack"],
  async run({ stack: name, resend, json, cwd }) {
    const progress = new Progress(json ? process.stderr : process.stdout);
    const stack = await openStack(progress, name, cwd);
    const done = await deployStack(stack, { progress, resend: resend === true });
    return printUpReport(buildUpReport(stack.name, done), json === true);
  },
};

export async function openStack(progress: Progress, name: unknown, cwd: unknown): Promise<Stack> {
  const signal = createInterruptSignal();
  const engine = await ensureEngine({ progress, signal });
  const options = { engine, signal, ...(typeof cwd === "string" && { projectFolder: cwd }) };
  if (typeof name !== "string")
    return progress.step("Opening the selected stack", () => Stack.openOwn(options));
  return progress.step(`Opening stack ${name}`, () => Stack.openOwn({ ...options, name }));
}

/** Prints what a run did, and what a person has to look at. @returns the exit code: 2 where there is such a thing */
export function printUpReport(report: UpReport, json: boolean): number {
  console.log(json ? JSON.stringify(report, undefined, 2) : describeUpReport(report).join("\n"));
  return UP_EXIT_CODES[report.result];
}
