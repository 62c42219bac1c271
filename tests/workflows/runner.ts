import { execFile } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ProcessResult, runCommand } from "../support/command";
import type { WorkflowJob, WorkflowStep } from "./workflow";

/**
 * `npx`, which lets the process of the test run a command. The request is the number of arguments, arguments and
 * environment, each ended by a null character, and another one; the answer has a line each for exit code, output and
 * error output.
 */
const createNpx = (port: number) => `#!/bin/bash
[ "$1" = entra-access ] || exit 99
shift
# All jobs are on this machine, where the engine is looked for once.
[ "$1" = engine ] && [ -e "$0.engine" ] && exit
exec 3<> /dev/tcp/127.0.0.1/${port}
{ printf '%s\\0' "$#" "$@"; env -0; printf '\\0'; } >&3
read -r code <&3
read -r out <&3
read -r err <&3
base64 -d <<< "$out"
base64 -d <<< "$err" >&2
[ "$1" = engine ] && touch "$0.engine"
exit "$code"
`;

/**
 * Runs the scripts of a job's steps as a Linux runner of GitHub does, in a workspace of its own. Actions are not run: the
 * artifacts that they transfer are in the workspace anyway. Commands run in this process, one after the other.
 */
export class Runner {
  readonly workspace = mkdtempSync(join(tmpdir(), "entra-access-workflow-"));

  private readonly server = createServer((socket) => this.serve(socket));
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly projectFolder: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /**
   * @param projectFolder the folder of the stacks, instead of a checkout
   * @param env of every step; replaces the variables and secrets of the repository
   */
  static async start(projectFolder: string, env: Readonly<Record<string, string>>): Promise<Runner> {
    const runner = new Runner(projectFolder, env);
    runner.server.listen(0, "127.0.0.1");
    await once(runner.server, "listening");
    mkdirSync(runner.path("bin"));
    const { port } = runner.server.address() as AddressInfo;
    writeFileSync(runner.path("bin/npx"), createNpx(port), { mode: 0o755 });
    return runner;
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
    this.server.close();
    rmSync(this.workspace, { recursive: true, force: true });
  }

  /** Answers one request of `npx`. */
  private async serve(socket: Socket): Promise<void> {
    let request = "";
    for await (const part of socket.setEncoding("utf8")) {
      request += part;
      const [count, ...parts] = request.split("\0");
      const [args, variables] = [parts.slice(0, Number(count)), parts.slice(Number(count))];
      const end = variables.indexOf("");
      if (end < 0 || end === variables.length - 1) continue;
      const env = Object.fromEntries(variables.slice(0, end).map((one) => one.split(/=(.*)/s).slice(0, 2)));
      const { code, out, err } = await this.command(args, env);
      const encoded = [out, err].map((text) => Buffer.from(text).toString("base64"));
      socket.end([code, ...encoded, ""].join("\n"));
      return;
    }
  }

  private command([name = "", ...args]: string[], env: Record<string, string>): Promise<ProcessResult> {
    const place = name === "report" || name === "engine" ? [] : ["-C", this.projectFolder];
    const result = this.turn.then(() =>
      runCommand([name, ...place, ...args], { ...env, INIT_CWD: this.workspace }),
    );
    this.turn = result;
    return result;
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
