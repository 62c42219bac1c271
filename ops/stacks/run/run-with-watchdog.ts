import { CommandError, ConcurrentUpdateError, type EngineEvent } from "@pulumi/pulumi/automation";
import { extractCauses } from "./causes";
import { collectChanges } from "./changes";
import {
  collectDiagnostics,
  extractStderr,
  type RunOptions,
  type RunResult,
  StackError,
  StackLockedError,
  type StackOperation,
} from "./run";
import { type RunTimeouts, startWatchdog } from "./watchdog";

/** Limits that end a run. */
export interface RunLimits {
  /** Stops the running engine, which then fails. */
  readonly signal?: AbortSignal | undefined;
  /** Default: ten seconds after the program has failed, 45 minutes of silence otherwise. */
  readonly timeouts?: RunTimeouts | undefined;
}

/**
 * Runs an operation of the engine, collects its events and output, and ends it when it hangs.
 *
 * @param start starts the operation with the given options
 * @throws StackError with the causes, StackLockedError where the stack is locked
 */
export async function runWithWatchdog(
  operation: StackOperation,
  start: (options: RunOptions) => Promise<unknown>,
  { signal, timeouts }: RunLimits,
): Promise<RunResult> {
  const events: EngineEvent[] = [];
  let output = "";
  const print = (text: string) => {
    output += text;
  };
  const watchdog = startWatchdog(timeouts);
  const options: RunOptions = {
    color: "never",
    onEvent: (event) => {
      watchdog.reset(event);
      events.push(event);
    },
    onOutput: print,
    onError: print,
    signal: signal ? AbortSignal.any([signal, watchdog.signal]) : watchdog.signal,
  };
  const result = () => ({
    changes: collectChanges(events),
    warnings: collectDiagnostics(events, "warning"),
    output,
  });
  try {
    await start(options);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (error instanceof ConcurrentUpdateError)
      throw new StackLockedError(operation, extractStderr(error), result());
    const reported = extractCauses(collectDiagnostics(events, "error"));
    const causes = reported.length > 0 ? reported : extractCauses([extractStderr(error)]);
    const ended = watchdog.reason ? [`the run was ended: ${watchdog.reason}`] : [];
    throw new StackError(operation, [...causes, ...ended], result());
  } finally {
    watchdog.stop();
  }
  return result();
}
