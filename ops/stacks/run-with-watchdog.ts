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

/** The limits at which a run is ended. */
export interface RunLimits {
  /** Stops the running engine, which then fails. */
  readonly signal?: AbortSignal | undefined;
  /** Default: ten seconds after the program has failed, 45 minutes of silence otherwise. */
  readonly patience?: RunTimeouts | undefined;
}

/**
 * Runs the engine, gathers what it tells, and ends it when it cannot go on.
 *
 * @param start starts the operation with these options
 * @throws StackError with the causes, StackLocked where another run has the stack
 */
export async function runWithWatchdog(
  operation: StackOperation,
  start: (options: RunOptions) => Promise<unknown>,
  { signal, patience }: RunLimits,
): Promise<RunResult> {
  const events: EngineEvent[] = [];
  let output = "";
  const print = (text: string) => {
    output += text;
  };
  const watched = startWatchdog(patience);
  const options: RunOptions = {
    color: "never",
    onEvent: (event) => {
      watched.heard(event);
      events.push(event);
    },
    onOutput: print,
    onError: print,
    signal: signal ? AbortSignal.any([signal, watched.signal]) : watched.signal,
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
    const said = extractCauses(collectDiagnostics(events, "error"));
    const causes = said.length > 0 ? said : extractCauses([extractStderr(error)]);
    const ended = watched.reason ? [`the run was ended: ${watched.reason}`] : [];
    throw new StackError(operation, [...causes, ...ended], result());
  } finally {
    watched.stop();
  }
  return result();
}
