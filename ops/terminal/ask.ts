import { createInterface, type Interface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";

/** Where a person answers. */
export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
}

/** The terminal of this process. */
export const getProcessTerminal = (): Terminal => ({ input: process.stdin, output: process.stdout });

/** Asks a person; undefined where there is none, as in a pipeline, and where there is no answer. */
export async function askQuestion(
  question: string,
  terminal = getProcessTerminal(),
  signal = new AbortController().signal,
): Promise<string | undefined> {
  if (!terminal.input.isTTY) return undefined;
  const conversation = new Conversation(terminal, signal);
  try {
    return await conversation.ask(question);
  } finally {
    conversation.close();
  }
}

/** Only "yes" is yes; no answer is no. */
export async function confirm(
  question: string,
  terminal = getProcessTerminal(),
  signal?: AbortSignal,
): Promise<boolean> {
  return (await askQuestion(`${question} Only "yes" goes on:`, terminal, signal)) === "yes";
}

/** Several questions in a row, of which the answers may have been typed ahead. */
export class Conversation {
  private readonly lines: Interface;
  private readonly typed: AsyncIterator<string>;
  private isAtItsEnd = false;

  /**
   * @param signal ends it
   * @param interrupt called at Ctrl-C, which at a terminal is a key like others while somebody is asked
   */
  constructor(
    private readonly terminal: Terminal,
    signal: AbortSignal,
    interrupt = () => void process.kill(process.pid, "SIGINT"),
  ) {
    this.lines = createInterface({ ...terminal, signal });
    this.lines.on("SIGINT", interrupt);
    this.lines.once("close", () => {
      this.isAtItsEnd = true;
    });
    this.typed = this.lines[Symbol.asyncIterator]();
  }

  /** Undefined once there are no more answers: the input ended, or it was interrupted. */
  async ask(question: string): Promise<string | undefined> {
    this.lines.setPrompt(`${question} `);
    // Answers may still be there that were typed before the end; from Node.js 24 on, asking by readline throws then.
    if (this.isAtItsEnd) this.terminal.output.write(this.lines.getPrompt());
    else this.lines.prompt();
    const { value, done } = await this.typed.next();
    if (!done) return value.trim();
    // What is said next begins a line.
    this.terminal.output.write("\n");
    return undefined;
  }

  close(): void {
    this.lines.close();
  }
}
