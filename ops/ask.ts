import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";

/** Where a person answers. */
export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
}

const here = (): Terminal => ({ input: process.stdin, output: process.stdout });

/** Asks a person; undefined where there is none, as in a pipeline. */
export async function ask(question: string, { input, output } = here()): Promise<string | undefined> {
  if (!input.isTTY) return undefined;
  const lines = createInterface({ input, output });
  try {
    return (await lines.question(`${question} `)).trim();
  } finally {
    lines.close();
  }
}

/** Only "yes" is yes. */
export async function confirmed(question: string, terminal = here()): Promise<boolean> {
  return (await ask(`${question} Only "yes" goes on:`, terminal)) === "yes";
}
