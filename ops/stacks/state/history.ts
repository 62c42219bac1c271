import type { RunEngine } from "../engine-runner";

/** One run of the engine, as `pulumi stack history --json` prints it; the newest comes first. */
export interface HistoryEntry {
  readonly kind: string;
  readonly result: string;
  readonly message?: string;
}

/** The message of the run that clears pending creates; nothing in the state tells of them afterwards. */
export const CLEARING_MESSAGE = "entra-access up: clear pending creates";

/**
 * Returns whether the newest run that changes resources may have left an object that no state has. A run that was killed
 * has no entry in most backends: its pending creates tell of it.
 *
 * @param limit the number of entries that were asked for
 */
export function wasLastRunInterrupted(history: readonly HistoryEntry[], limit: number): boolean {
  for (const { kind, result, message } of history) {
    if (message === CLEARING_MESSAGE) return true;
    // Pulumi Cloud lists the run that asks.
    if (result !== "in-progress" && (kind === "update" || kind === "destroy")) return result !== "succeeded";
  }
  return history.length >= limit;
}

const LIMIT = 20;

/** Reads the history of a stack. */
export async function readInterruption(runEngine: RunEngine, stack: string): Promise<boolean> {
  const page = ["--page", "1", "--page-size", String(LIMIT)];
  const text = await retryPartialReads(() =>
    runEngine("stack", "history", "--json", "--stack", stack, ...page),
  );
  return wasLastRunInterrupted(JSON.parse(text || "[]"), LIMIT);
}

/** Errors of a read while a run writes: a file is empty or incomplete, or one in the listed folder is gone already. */
const PARTIAL_READ = /\bEOF\b|unexpected end of JSON|list bucket: .*NotFound/;

/** Reads again where a run was writing the state at that moment, because file backends do not write in one step. */
export async function retryPartialReads<T>(read: () => Promise<T>, attempts = 5): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (attempts <= 1 || !PARTIAL_READ.test(String(error))) throw error;
    return retryPartialReads(read, attempts - 1);
  }
}
