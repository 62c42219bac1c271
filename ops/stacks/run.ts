import type { EngineEvent } from "@pulumi/pulumi/automation";
import { UserError } from "../errors";
import type { ResourceChange } from "./changes";
import { type Lock, parseLocks } from "./lock";

/** What one run of the engine did or, in a preview, would do. */
export interface RunResult {
  readonly changes: readonly ResourceChange[];
  /** Warnings of engine, program and providers. */
  readonly warnings: readonly string[];
  /** Everything the engine printed; secrets are masked. */
  readonly output: string;
}

/** A failed run: the message is the cause in the service's own words. */
export class StackError extends UserError {
  override readonly name = "StackError";

  constructor(
    readonly operation: StackOperation,
    readonly causes: readonly string[],
    readonly result: RunResult,
  ) {
    super(`${operation} failed: ${causes[0] ?? "the engine gave no reason"}`, causes.slice(1));
  }
}

/** A run that was refused because another one has the stack, or died while it had it. */
export class StackLockedError extends StackError {
  readonly locks: readonly Lock[];

  constructor(operation: StackOperation, text: string, result: RunResult) {
    const locks = parseLocks(text);
    const holders = locks.map(({ user, host, pid, since }) => `${user}@${host} (pid ${pid}) since ${since}`);
    super(operation, [`the stack is locked by ${holders.join(", ") || "another update"}`], result);
    this.locks = locks;
  }
}

export type StackOperation = "preview" | "up" | "refresh" | "destroy";

/** The SDK puts exit code and outputs of the engine into one text; Node keeps them apart. */
export function extractStderr(error: Error & { stderr?: unknown }): string {
  if (typeof error.stderr === "string") return error.stderr;
  return /stderr: ([\s\S]*?)(\n err\?:|$)/.exec(error.message)?.[1] ?? error.message;
}

export interface RunOptions {
  color: "never";
  onEvent: (event: EngineEvent) => void;
  onOutput: (text: string) => void;
  onError: (text: string) => void;
  signal?: AbortSignal;
}

/** Debug diagnostics carry secrets in clear text at any verbosity: only those asked for come out of here. */
export function collectDiagnostics(events: readonly EngineEvent[], severity: "warning" | "error"): string[] {
  return events.flatMap(({ diagnosticEvent: said }) =>
    said?.severity === severity ? [said.message.replace(/<\{%.*?%\}>/g, "")] : [],
  );
}
