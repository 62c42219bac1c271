import { CommandError, ConcurrentUpdateError, type EngineEvent } from "@pulumi/pulumi/automation";
import { causesOf } from "./causes";
import { changesIn } from "./plan";
import {
  diagnostics,
  type Operation,
  type RunOptions,
  type RunResult,
  StackError,
  StackLocked,
  stderrOf,
} from "./run";
import { type Patience, watch } from "./stuck";

/** The limits at which a run is ended. */
export interface Limits {
  /** Stops the running engine, which then fails. */
  readonly signal?: AbortSignal | undefined;
  /** Default: ten seconds after the program has failed, 45 minutes of silence otherwise. */
  readonly patience?: Patience | undefined;
}

/**
 * Runs the engine, gathers what it tells, and ends it when it cannot go on.
 *
 * @param start starts the operation with these options
 * @throws StackError with the causes, StackLocked where another run has the stack
 */
export async function watchedRun(
  operation: Operation,
  start: (options: RunOptions) => Promise<unknown>,
  { signal, patience }: Limits,
): Promise<RunResult> {
  const events: EngineEvent[] = [];
  let output = "";
  const print = (text: string) => {
    output += text;
  };
  const watched = watch(patience);
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
  const result = () => ({ changes: changesIn(events), warnings: diagnostics(events, "warning"), output });
  try {
    await start(options);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (error instanceof ConcurrentUpdateError) throw new StackLocked(operation, stderrOf(error), result());
    const said = causesOf(diagnostics(events, "error"));
    const causes = said.length > 0 ? said : causesOf([stderrOf(error)]);
    const ended = watched.reason ? [`the run was ended: ${watched.reason}`] : [];
    throw new StackError(operation, [...causes, ...ended], result());
  } finally {
    watched.stop();
  }
  return result();
}
