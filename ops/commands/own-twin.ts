import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Seed, startTwin, type Twin } from "../../twin/index";
import { createInterruptSignal, waitForAbort } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";

/** What a command has that plays on a twin of its own. */
export interface TwinSession {
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** For states and settings. */
  readonly directory: string;
  start(seed?: Seed): Promise<Twin>;
  /** Serves until Ctrl-C. @param words what to say of it */
  serve(words: string): Promise<void>;
}

/** Plays, and leaves nothing behind, also after Ctrl-C. @returns exit code */
export async function runOnTwin(play: (stage: TwinSession) => Promise<void>): Promise<number> {
  const signal = createInterruptSignal();
  const progress = new Progress();
  const directory = mkdtempSync(join(tmpdir(), "entra-access-"));
  let twin: Twin | undefined;
  try {
    await play({
      signal,
      progress,
      directory,
      async start(seed) {
        twin = await startTwin(seed ? { seed } : {});
        return twin;
      },
      async serve(words) {
        progress.line(words);
        await waitForAbort(signal);
      },
    });
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    progress.line("interrupted");
    return 130;
  } finally {
    await twin?.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
