import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { PROJECT_FOLDER } from "../stacks";
import type { WorkerAnswer, WorkerTask } from "./worker-task";

export interface ProcessOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds per task. */
  readonly timeoutMs: number;
}

/** Milliseconds that an engine may take to end its plugins. */
const SHUTDOWN_MS = 10_000;

/**
 * Processes that work on stacks, each on one at a time. A process takes the next stack when it is done, because its start
 * takes a second of loading code; one in which something failed is not used again.
 */
export class WorkerPool {
  private readonly idle = new Set<StackWorker>();

  /** @param program of the processes, which only tests replace */
  constructor(
    private readonly options: ProcessOptions,
    private readonly program = join(__dirname, "worker.ts"),
  ) {}

  /**
   * Runs a task in a process that does nothing else meanwhile. Never throws.
   *
   * @param createFailure creates the result if the process gives none
   */
  async run<T>(task: WorkerTask, createFailure: (cause: string) => T): Promise<T> {
    const { env, signal, timeoutMs } = this.options;
    if (signal?.aborted) return createFailure("interrupted");
    const [worker = new StackWorker(this.program, env)] = this.idle;
    this.idle.delete(worker);
    const stop = () => worker.stop();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      stop();
    }, timeoutMs);
    signal?.addEventListener("abort", stop);
    const answer = await worker.run<T>(task);
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
    const isStopped = isLate || signal?.aborted === true;
    if (answer?.isReusable && !isStopped) {
      this.idle.add(worker);
      void worker.ended.then(() => this.idle.delete(worker));
      return answer.result;
    }
    // Until its engine is gone too.
    const cause = await worker.ended;
    if (isLate) return createFailure(`it took longer than ${Math.round(timeoutMs / 1000)} seconds`);
    if (isStopped) return createFailure("interrupted");
    return answer ? answer.result : createFailure(cause);
  }

  /** Ends the processes, once all tasks are done. */
  async close(): Promise<void> {
    for (const worker of this.idle) worker.stop();
    await Promise.all([...this.idle].map(({ ended }) => ended));
  }
}

/** A process of its own, from its start to its end. */
class StackWorker {
  private readonly child: ChildProcess;
  /** The reason, once the process and all that it started have ended. */
  readonly ended: Promise<string>;

  constructor(program: string, env: NodeJS.ProcessEnv) {
    // Node.js resolves the TypeScript loader from the working directory.
    const child = fork(program, {
      cwd: PROJECT_FOLDER,
      env,
      execArgv: ["-r", "./ops/register.cjs"],
      // The output of engine and plugins may contain secrets; the result has what matters of it.
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let stderr = "";
    child.stderr?.on("data", (text: Buffer) => {
      stderr = `${stderr}${text}`.slice(-10_000);
    });
    this.child = child;
    // The listeners stay as long as the process lives: Node.js counts on its own listeners beside them.
    this.ended = new Promise((resolve) => {
      child.on("error", (error) => resolve(error.message));
      child.on("close", (code) => {
        const last = stderr.trim().split("\n").at(-1);
        resolve(`its process ended with exit code ${code}: ${last || "no output"}`);
      });
    });
  }

  /** @returns undefined if the process ends without an answer */
  async run<T>(task: WorkerTask): Promise<WorkerAnswer<T> | undefined> {
    const answer = new Promise<WorkerAnswer<T>>((resolve) => this.child.once("message", resolve));
    // The exit code says more than the error of sending to a process that is dying.
    this.child.send(task, () => {});
    return Promise.race([answer, this.ended.then(() => undefined)]);
  }

  /** Ends the process, which ends its engine before. */
  stop(): void {
    this.child.kill("SIGTERM");
    setTimeout(() => this.child.kill("SIGKILL"), SHUTDOWN_MS).unref();
  }
}
