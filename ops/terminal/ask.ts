import { createInterface, type Interface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";

export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
}

export const getProcessTerminal = (): Terminal => ({ input: process.stdin, output: process.stdout });

/** Asks a person. @returns undefined without a terminal, as in a pipeline, and without an answer */
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

export const CONFIRMATION_HINT = 'Type "yes" to continue:';

/** Asks for confirmation; anything but "yes" declines. */
export async function confirm(
  question: string,
  terminal = getProcessTerminal(),
  signal?: AbortSignal,
): Promise<boolean> {
  return (await askQuestion(`${question} ${CONFIRMATION_HINT}`, terminal, signal)) === "yes";
}

/** Asks several questions in a row; answers may be typed ahead. */
export class Conversation {
  private readonly lines: Interface;
  private readonly typed: AsyncIterator<string>;
  private isClosed = false;

  /**
   * @param signal ends the conversation
   * @param interrupt called at Ctrl-C, which sends no signal while a terminal waits for an answer
   */
  constructor(
    private readonly terminal: Terminal,
    signal: AbortSignal,
    interrupt = () => void process.kill(process.pid, "SIGINT"),
  ) {
    this.lines = createInterface({ ...terminal, signal });
    this.lines.on("SIGINT", interrupt);
    this.lines.once("close", () => {
      this.isClosed = true;
    });
    this.typed = this.lines[Symbol.asyncIterator]();
  }

  /** Asks one question. @returns undefined once the input has ended or was interrupted */
  async ask(question: string): Promise<string | undefined> {
    this.lines.setPrompt(`${question} `);
    // Answers typed ahead may remain after the input has ended; from Node.js 24 on, prompt() throws then.
    if (this.isClosed) this.terminal.output.write(this.lines.getPrompt());
    else this.lines.prompt();
    const { value, done } = await this.typed.next();
    if (!done) return value.trim();
    this.terminal.output.write("\n");
    return undefined;
  }

  close(): void {
    this.lines.close();
  }
}
