import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Seed, startTwin, type Twin } from "../../twin/index";
import { SharedPlugins } from "../fleet/plugins/shared-plugins";
import { PROJECT_FOLDER } from "../stacks";
import { unsetCloudVariables } from "../stacks/environment";
import { createInterruptSignal, waitForAbort } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";

/** The tools of a command that runs on its own twin. */
export interface TwinSession {
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** The folder for states and configs. */
  readonly directory: string;
  start(seed?: Seed): Promise<Twin>;
  /**
   * Lets all engines use the same plugins, each of which then starts once instead of twice for each engine.
   *
   * @param env of the engines
   * @returns what to add to it
   */
  sharePlugins(env: Readonly<Record<string, string>>): Promise<Record<string, string>>;
  /** Prints a message and serves until Ctrl-C. */
  serve(message: string): Promise<void>;
}

/** Runs on a twin and removes everything afterwards, also after Ctrl-C. @returns the exit code */
export async function runOnTwin(run: (session: TwinSession) => Promise<void>): Promise<number> {
  const signal = createInterruptSignal();
  const progress = new Progress();
  const directory = mkdtempSync(join(tmpdir(), "entra-access-"));
  let twin: Twin | undefined;
  let plugins: SharedPlugins | undefined;
  try {
    await run({
      signal,
      progress,
      directory,
      async start(seed) {
        twin = await startTwin(seed ? { seed } : {});
        return twin;
      },
      async sharePlugins(env) {
        const own = { ...process.env, ...unsetCloudVariables(process.env), ...env };
        plugins = new SharedPlugins(PROJECT_FOLDER, own);
        return plugins.attach({ version: 3, deployment: {} });
      },
      async serve(message) {
        progress.line(message);
        await waitForAbort(signal);
      },
    });
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    progress.line("interrupted");
    return 130;
  } finally {
    await plugins?.close();
    await twin?.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
