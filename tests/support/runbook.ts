import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { PROJECT_FOLDER } from "../../ops/stacks";
import { findEngine } from "../../ops/tools/engine";
import type { ProcessResult } from "./command";
import type { OwnProject } from "./own-project";

/** A command of the runbook, and the lines that the page says it prints; `...` stands for any lines. */
interface Step {
  command: string;
  printed: string[];
}

/** Reads the commands below a heading of docs/runbook.md, in order. */
export function readSteps(heading: string): Step[] {
  const page = readFileSync(join(PROJECT_FOLDER, "docs/runbook.md"), "utf8");
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  const blocks = [...section.matchAll(/^```console\n(.*?)^```$/gms)].map(([, text = ""]) => text);
  return blocks.join("").split(/^\$ /m).slice(1).map(parseStep);
}

function parseStep(text: string): Step {
  const [command = "", ...printed] = text.trimEnd().split("\n");
  return { command, printed };
}

/**
 * Runs the steps in one shell in the folder of a project, whatever their exit codes.
 *
 * @param values of the placeholders of the page, such as `<new tenant>`
 * @param without variables of the project's environment that the shell lacks
 * @returns exit code and output of each step
 */
export async function runSteps(
  project: OwnProject,
  steps: readonly Step[],
  { values = {}, without = [] }: { values?: Record<string, string>; without?: string[] } = {},
): Promise<Pick<ProcessResult, "code" | "out">[]> {
  const end = "-- end of a step, code";
  const commands = steps.map(({ command }) =>
    command.replace(/<[^>]+>/g, (name) => {
      const value = values[name];
      if (value === undefined) throw new Error(`the test has no value for ${name} in: ${command}`);
      return value;
    }),
  );
  const script = [
    `npx() { shift; "${process.execPath}" "${resolve("ops/entra-access.mjs")}" "$@" --cwd "$PWD"; }`,
    ...commands.map((command) => `${command}\necho "${end} $?"`),
  ].join("\n");
  const { command: engine } = await findEngine();
  const PATH = [dirname(engine), dirname(process.execPath), process.env.PATH].join(":");
  const env: NodeJS.ProcessEnv = { ...process.env, ...project.env, PATH };
  for (const name of without) delete env[name];
  const output = await new Promise<string>((done) => {
    execFile("bash", ["-c", `exec 2>&1\n${script}`], { cwd: project.folder, env }, (_error, out) =>
      done(out),
    );
  });
  return [...output.matchAll(new RegExp(`(.*?)${end} (\\d+)\n`, "gs"))].map(([, out = "", code]) => ({
    code: Number(code),
    out,
  }));
}

/** Checks that each step printed the lines of the page, in order. Ids, times and hints may differ. */
export function expectPrinted(steps: readonly Step[], results: readonly { out: string }[]): void {
  expect(results).toHaveLength(steps.length);
  for (const [index, { command, printed }] of steps.entries()) {
    const lines = generalize(results[index]?.out ?? "").split("\n");
    const expected = printed.filter((line) => line !== "...").map(generalize);
    let from = 0;
    for (const line of expected) {
      const at = lines.indexOf(line, from);
      if (at < 0)
        throw new Error(
          `${command}\nmust print, in this order: ${line}\nfound:\n${lines.slice(from).join("\n")}`,
        );
      from = at + 1;
    }
  }
}

function generalize(text: string): string {
  return text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "ID")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replace(/begins with \S+\)/g, "begins with HINT)");
}
