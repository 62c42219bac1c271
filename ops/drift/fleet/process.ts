import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { PROJECT_FOLDER } from "../../stacks";
import type { Engine } from "../../tools/engine";
import { could, type Look, type Target } from "../stack/look";

/** What one process is to do. */
export interface Assignment {
  /** `repair`: brings it up, then looks. `preview`: what `up` would do. */
  readonly task: "look" | "repair" | "preview";
  readonly stack: string;
  readonly target: Target;
  readonly projectFolder: string;
  readonly engine: Engine;
}

export interface ProcessOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which it is ended. */
  readonly patience: number;
}

/** How long an engine may take to end its plugins, in milliseconds. */
const GRACE = 10_000;

/** Looks at a stack in a process of its own. Never throws: what goes wrong there is that stack's result. */
export function inProcess(assignment: Assignment, options: ProcessOptions): Promise<Look> {
  const { stack, target } = assignment;
  return carriedOut(assignment, options, (cause) => ({
    drift: could({ stack, ...target, cause, differences: [], unowned: [], gaps: [] }),
  }));
}

/**
 * Carries an assignment out in a process of its own. Never throws.
 *
 * @param failed the result where the process gives none
 */
export async function carriedOut<T>(
  assignment: Assignment,
  { env, signal, patience }: ProcessOptions,
  failed: (cause: string) => T,
): Promise<T> {
  if (signal?.aborted) return failed("interrupted");
  // From the repository's own folder: its TypeScript is found from there.
  const child = fork(join(__dirname, "worker.ts"), {
    cwd: PROJECT_FOLDER,
    env,
    execArgv: ["-r", "./ops/register.cjs"],
    // What engine and plugins print is in the report already, without what is secret.
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    end(child);
  }, patience);
  const stop = () => end(child);
  signal?.addEventListener("abort", stop);
  try {
    return await new Promise<T>((resolve) => {
      let said = "";
      let result: T | undefined;
      child.stderr?.on("data", (text: Buffer) => {
        said += text;
      });
      child.on("message", (message) => {
        result = message as T;
      });
      child.on("error", (error) => resolve(failed(error.message)));
      child.on("close", (code) => {
        if (late) return resolve(failed(`it took longer than ${Math.round(patience / 1000)} seconds`));
        if (signal?.aborted) return resolve(failed("interrupted"));
        const last = said.trim().split("\n").at(-1);
        resolve(result ?? failed(`its process ended with ${code}: ${last || "it said nothing"}`));
      });
      // Who cannot be told is dying: how it ends says more than that it did not listen.
      child.send(assignment, () => {});
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

function end(child: ChildProcess): void {
  child.kill("SIGTERM");
  setTimeout(() => child.kill("SIGKILL"), GRACE).unref();
}
