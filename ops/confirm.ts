import { createInterface } from "node:readline/promises";

/** Where a person answers. */
export interface Dialogue {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** Asks a person; anything but yes is no, and so is the end of the input. */
export async function confirm(
  question: string,
  signal: AbortSignal,
  at: Dialogue = ON_TERMINAL,
): Promise<boolean> {
  const lines = createInterface(at);
  try {
    const ended = new Promise<string>((done) => lines.once("close", () => done("")));
    const answer = await Promise.race([lines.question(`${question} [y/N] `, { signal }), ended]);
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    lines.close();
  }
}

// Not standard output: that is the report's.
const ON_TERMINAL: Dialogue = { input: process.stdin, output: process.stderr };
