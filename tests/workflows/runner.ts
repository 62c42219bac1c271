import { execFile } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT_FOLDER } from "../../ops/stacks";
import type { WorkflowJob, WorkflowStep } from "./workflow";

interface ProcessResult {
  code: number;
  out: string;
  err: string;
}

/**
 * Runs the scripts of a job's steps as a Linux runner of GitHub does, in a workspace of its own. Actions are not run: the
 * artifacts that they transfer are in the workspace anyway.
 */
export class Runner {
  readonly workspace = mkdtempSync(join(tmpdir(), "entra-access-workflow-"));

  /**
   * @param projectFolder the folder of the stacks, instead of a checkout
   * @param env of every step; replaces the variables and secrets of the repository
   */
  constructor(
    projectFolder: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {
    const program = `"${process.execPath}" "${join(PROJECT_FOLDER, "ops/entra-access.mjs")}"`;
    const npx = join(this.workspace, "bin/npx");
    mkdirSync(join(this.workspace, "bin"));
    writeFileSync(
      npx,
      `#!/bin/sh
[ "$1" = entra-access ] || exit 99
command=$2; shift 2
[ "$command" = report ] && exec ${program} report "$@"
# All jobs are on this machine, where the engine is looked for once.
[ "$command" = engine ] && { [ -e "$0.engine" ] || { ${program} engine && touch "$0.engine"; }; exit; }
exec ${program} "$command" -C "${projectFolder}" "$@"
`,
    );
    chmodSync(npx, 0o755);
  }

  path(name: string): string {
    return join(this.workspace, name);
  }

  /**
   * @param values the values of expressions by their text: `{ "matrix.shard": "1" }`
   * @returns the result of the first step that failed without `continue-on-error`, or else of the last step
   */
  async run(
    { steps }: WorkflowJob,
    values: Readonly<Record<string, string>> = {},
  ): Promise<ProcessResult & { outputs: Record<string, string> }> {
    const output = this.path(`output-${Object.values(values).join("-").replace(/\W/g, "_")}`);
    writeFileSync(output, "");
    let ended: ProcessResult = { code: 0, out: "", err: "" };
    for (const step of steps.filter(({ run }) => run !== undefined)) {
      ended = await this.runScript(step, values, output);
      if (ended.code !== 0 && !step["continue-on-error"]) break;
      ended.code = 0;
    }
    const lines = readFileSync(output, "utf8").trim().split("\n");
    return { ...ended, outputs: Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))) };
  }

  /** Copies files into a folder, like the upload and download of artifacts. */
  collect(folder: string, names: RegExp): void {
    mkdirSync(this.path(folder), { recursive: true });
    for (const name of readdirSync(this.workspace).filter((one) => names.test(one)))
      copyFileSync(this.path(name), join(this.path(folder), name));
  }

  close(): void {
    rmSync(this.workspace, { recursive: true, force: true });
  }

  private runScript(
    step: WorkflowStep,
    values: Readonly<Record<string, string>>,
    output: string,
  ): Promise<ProcessResult> {
    const own = Object.entries(step.env ?? {}).map(([name, text]) => [name, this.evaluate(text, values)]);
    const { INIT_CWD: _, ...outside } = process.env;
    const env = {
      ...outside,
      ...this.env,
      ...Object.fromEntries(own),
      GITHUB_OUTPUT: output,
      PATH: `${join(this.workspace, "bin")}:${process.env.PATH}`,
    };
    return new Promise((done) => {
      execFile("bash", ["-e", "-c", step.run ?? ""], { cwd: this.workspace, env }, (error, out, err) =>
        done({ code: error ? Number(error.code) : 0, out, err }),
      );
    });
  }

  private evaluate(text: string, values: Readonly<Record<string, string>>): string {
    return String(text).replace(/\$\{\{ (.+?) \}\}/g, (_, expression: string) => {
      const [, name] = /^(?:vars|secrets)\.(\w+)$/.exec(expression) ?? [];
      const value = name === undefined ? values[expression] : (this.env[name] ?? "");
      if (value === undefined) throw new Error(`expression ${expression} has no value`);
      return value;
    });
  }
}
