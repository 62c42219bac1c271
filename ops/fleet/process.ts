import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { StackTarget } from "../drift/stack/check";
import { PROJECT_FOLDER } from "../stacks";
import type { Engine } from "../tools/engine";

export interface WorkerTask {
  /** `repair` updates the stack before it checks it. */
  readonly task: "check" | "repair" | "preview";
  readonly stack: string;
  readonly target: StackTarget;
  readonly projectFolder: string;
  readonly engine: Engine;
}

/** What a worker sends when it has done a task. */
export interface WorkerResult {
  readonly result: unknown;
  /** False if the program failed: it may have left promises behind that fail later. */
  readonly reusable: boolean;
}

export interface ProcessOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/** Milliseconds that an engine may take to end its plugins. */
const SHUTDOWN_MS = 10_000;

/**
 * Processes that work on stacks, one stack at a time: starting one takes a second of code loading, so it takes the next
 * stack when it is done, unless something failed in it.
 */
export class StackProcesses {
  private readonly idle: ChildProcess[] = [];

  constructor(private readonly options: ProcessOptions) {}

  /**
   * Runs a task in a process that does nothing else meanwhile. Never throws.
   *
   * @param createFailure creates the result if the process gives none
   */
  async run<T>(task: WorkerTask, createFailure: (cause: string) => T): Promise<T> {
    const { signal, timeoutMs } = this.options;
    if (signal?.aborted) return createFailure("interrupted");
    const child = this.idle.pop() ?? this.start();
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
        let message: WorkerResult | undefined;
        child.stderr?.on("data", (text: Buffer) => {
          stderr += text;
        });
        child.on("message", (received: WorkerResult) => {
          message = received;
          if (isLate || signal?.aborted)
            child.kill("SIGKILL"); // it is done, so it has no engine any more
          else if (received.reusable) {
            this.idle.push(child);
            resolve(received.result as T);
          }
        });
        child.on("error", (error) => resolve(createFailure(error.message)));
        child.on("close", (code) => {
          if (isLate)
            return resolve(createFailure(`it took longer than ${Math.round(timeoutMs / 1000)} seconds`));
          if (signal?.aborted) return resolve(createFailure("interrupted"));
          if (message) return resolve(message.result as T);
          const last = stderr.trim().split("\n").at(-1);
          resolve(createFailure(`its process ended with exit code ${code}: ${last || "no output"}`));
        });
        // The exit code says more than the error of sending to a process that is dying.
        child.send(task, () => {});
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      for (const emitter of [child, child.stderr]) emitter?.removeAllListeners();
    }
  }

  /** Ends the processes, which all have done their tasks and so have no engine any more. */
  close(): void {
    for (const child of this.idle.splice(0)) child.kill("SIGKILL");
  }

  private start(): ChildProcess {
    // Node.js resolves the TypeScript loader from the working directory.
    return fork(join(__dirname, "worker.ts"), {
      cwd: PROJECT_FOLDER,
      env: this.options.env,
      execArgv: ["-r", "./ops/register.cjs"],
      // The output of engine and plugins may contain secrets; the result has what matters of it.
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
  }
}

function end(child: ChildProcess): void {
  child.kill("SIGTERM");
  setTimeout(() => child.kill("SIGKILL"), SHUTDOWN_MS).unref();
}
