import type { EngineEvent } from "@pulumi/pulumi/automation";
import { UserError } from "../../errors";
import type { ResourceChange } from "./changes";
import { type Lock, parseLocks } from "./lock";

export interface RunResult {
  /** In a preview, the changes that `up` would make. */
  readonly changes: readonly ResourceChange[];
  readonly warnings: readonly string[];
  /** The engine's output; secrets are masked. */
  readonly output: string;
}

/** A failed run; the message is the first cause, as the service reported it. */
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

/** A run that was refused because the stack is locked, possibly by a stale lock. */
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

/** Extracts the engine's error output. The SDK puts it into the message, Node into a property. */
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

/** The engine warns that programs which belong to it are on PATH: the language host, the one that serves policy packs. */
const PATH_WARNING = /^using pulumi-(analyzer|language)-\S+ from \$PATH/;

/** Collects diagnostics of one severity; debug diagnostics contain secrets in clear text and must not be shown. */
export function collectDiagnostics(events: readonly EngineEvent[], severity: "warning" | "error"): string[] {
  return events
    .flatMap(({ diagnosticEvent: diagnostic }) =>
      diagnostic?.severity === severity ? [diagnostic.message.replace(/<\{%.*?%\}>/g, "")] : [],
    )
    .filter((message) => !PATH_WARNING.test(message));
}
