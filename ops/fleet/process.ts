import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { createUnknownDrift } from "../drift/report";
import type { StackCheck, StackTarget } from "../drift/stack/check";
import { PROJECT_FOLDER } from "../stacks";
import type { Engine } from "../tools/engine";

export interface WorkerTask {
  /** `repair` updates the stack before it checks it. */
  readonly task: "check" | "repair" | "preview";
  readonly stack: string;
  readonly target: StackTarget;
  readonly projectFolder: string;
  readonly engine: Engine;
  /** For a preview: says who gains and who loses access. */
  readonly people?: "counts" | "names";
}

export interface ProcessOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/** Milliseconds that an engine may take to end its plugins. */
const SHUTDOWN_MS = 10_000;

/** Checks a stack in a process of its own. Never throws: an error is that stack's result. */
export function checkStackInProcess(task: WorkerTask, options: ProcessOptions): Promise<StackCheck> {
  const { stack, target } = task;
  return runInProcess(task, options, (cause) => ({ drift: createUnknownDrift({ stack, ...target, cause }) }));
}

/**
 * Runs a task in a process of its own. Never throws.
 *
 * @param createFailure creates the result if the process gives none
 */
export async function runInProcess<T>(
  task: WorkerTask,
  { env, signal, timeoutMs }: ProcessOptions,
  createFailure: (cause: string) => T,
): Promise<T> {
  if (signal?.aborted) return createFailure("interrupted");
  // Node.js resolves the TypeScript loader from the working directory.
  const child = fork(join(__dirname, "worker.ts"), {
    cwd: PROJECT_FOLDER,
    env,
    execArgv: ["-r", "./ops/register.cjs"],
    // The output of engine and plugins may contain secrets; the result has what matters of it.
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    end(child);
  }, timeoutMs);
  const stop = () => end(child);
  signal?.addEventListener("abort", stop);
  try {
    return await new Promise<T>((resolve) => {
      let stderr = "";
      let result: T | undefined;
      child.stderr?.on("data", (text: Buffer) => {
        stderr += text;
      });
      child.on("message", (message) => {
        result = message as T;
      });
      child.on("error", (error) => resolve(createFailure(error.message)));
      child.on("close", (code) => {
        if (isLate)
          return resolve(createFailure(`it took longer than ${Math.round(timeoutMs / 1000)} seconds`));
        if (signal?.aborted) return resolve(createFailure("interrupted"));
        const last = stderr.trim().split("\n").at(-1);
        resolve(result ?? createFailure(`its process ended with exit code ${code}: ${last || "no output"}`));
      });
      // The exit code says more than the error of sending to a process that is dying.
      child.send(task, () => {});
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

function end(child: ChildProcess): void {
  child.kill("SIGTERM");
  setTimeout(() => child.kill("SIGKILL"), SHUTDOWN_MS).unref();
}
