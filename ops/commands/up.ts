import { defineCommand } from "../command";
import { UsageError } from "../errors";
import { CWD_OPTION, flagOption, jsonOption, listOption, STACK_ARGUMENT } from "../options";
import { deployStackOrRotate } from "../recovery/client-secrets/rotate-anyway";
import { describeOutputs } from "../recovery/outputs-text";
import { buildUpReport, describeUpReport, UP_EXIT_CODES, type UpReport } from "../recovery/report";
import { Stack } from "../stacks";
import { createInterruptSignal } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";
import { ensureEngine } from "../tools/engine";

const IMPORTS = listOption(
  "<r>=<id>",
  "imports an object for a resource, where an error asks for a decision; several: r=id,r=id",
);

export const upCommand = defineCommand({
  description: `Recovers from an interrupted run, then runs pulumi up; docs/commands/up.md lists the states it recovers from. Uses the
backend, passphrase, config and sign-in that pulumi uses here. Safe to run again at any time.
Exit code: 0 in sync, 2 action needed, 1 it failed.`,
  options: {
    stack: STACK_ARGUMENT,
    resend: flagOption(
      "sends the client secret to Cloudflare again; no preview shows whether its copy is right",
    ),
    import: { ...IMPORTS, parse: parseImports },
    create: listOption(
      "<r>",
      "creates a resource beside a similar object, where an error asks for a decision; several: r,r",
    ),
    json: jsonOption("up"),
    cwd: CWD_OPTION,
  },
  async run({ stack: name, resend, import: imports, create, json, cwd }) {
    const progress = new Progress(json ? process.stderr : process.stdout);
    const stack = await openStack(progress, name, cwd, true);
    const result = await deployStackOrRotate(stack, {
      progress,
      resend,
      decisions: { imports, creates: new Set(create) },
    });
    const outputs = json ? [] : describeOutputs(result.outputs ?? {});
    return printUpReport(buildUpReport(stack.name, result), json, outputs);
  },
});

function parseImports(given: unknown, name: string): ReadonlyMap<string, string> {
  const pairs = IMPORTS.parse(given, name).map((item) => {
    const [, resource, id] = /^(.+)=([^=/]+)$/.exec(item) ?? [];
    if (resource === undefined || id === undefined)
      throw new UsageError(
        `--${name} must be the name of a resource and the id of an object, as in the error: resource=id; found "${item}"`,
      );
    return [resource, id] as const;
  });
  return new Map(pairs);
}

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
export function printUpReport(report: UpReport, json: boolean, outputs: readonly string[] = []): number {
  console.log(json ? JSON.stringify(report, undefined, 2) : describeUpReport(report, outputs).join("\n"));
  return UP_EXIT_CODES[report.result];
}
