import type { WriteStream } from "node:tty";
import picocolors from "picocolors";

/** Colours for a terminal; NO_COLOR turns them off, and a log file or pipe never gets any. */
export const pc = picocolors.createColors(picocolors.isColorSupported && process.stdout.isTTY === true);

/** Where progress goes: a terminal shows one moving line per step, anything else gets plain lines. */
export type ProgressStream = Pick<WriteStream, "write"> & {
  readonly isTTY?: boolean;
  readonly columns?: number;
};

/** Says what the step is doing right now, for example the package being compiled. */
export type ProgressNote = (text: string) => void;

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const PLAIN_EVERY_SECONDS = 10;

/** Runs steps and shows that they are alive: every step longer than a second has visible progress. */
export class Progress {
  private frame = 0;

  constructor(private readonly out: ProgressStream = process.stdout) {}

  /** Prints one line. Never call it inside a step: notes belong there. */
  line(text = ""): void {
    this.out.write(`${text}\n`);
  }

  /** Runs `work` under `title`; what it throws passes through after the step is marked as failed. */
  async step<T>(title: string, work: (note: ProgressNote) => Promise<T>): Promise<T> {
    const started = Date.now();
    const seconds = () => Math.floor((Date.now() - started) / 1000);
    let detail = "";
    let said = -1;
    const tick = () => {
      if (this.out.isTTY) {
        this.frame = (this.frame + 1) % FRAMES.length;
        this.redraw(`${pc.cyan(FRAMES[this.frame] ?? "")} ${title}${suffix(seconds(), detail)}`);
      } else if (seconds() >= 1 && (said < 0 || seconds() - said >= PLAIN_EVERY_SECONDS)) {
        said = seconds();
        this.line(`... ${title}${suffix(seconds(), detail)}`);
      }
    };
    const timer = setInterval(tick, this.out.isTTY ? 100 : 1000);
    const finish = (mark: string) => {
      clearInterval(timer);
      this.redraw("");
      this.line(`${mark} ${title} ${pc.dim(`(${((Date.now() - started) / 1000).toFixed(1)} s)`)}`);
    };
    try {
      const result = await work((text) => {
        detail = text;
      });
      finish(pc.green("✓"));
      return result;
    } catch (error) {
      finish(pc.red("✗"));
      throw error;
    }
  }

  private redraw(text: string): void {
    // Cut to the width: a line that wraps cannot be redrawn.
    if (this.out.isTTY) this.out.write(`\r\u001b[2K${text}`);
  }
}

function suffix(seconds: number, detail: string): string {
  const width = 60;
  const short = detail.length > width ? `${detail.slice(0, width - 1)}…` : detail;
  return pc.dim(`${seconds >= 1 ? ` ${seconds} s` : ""}${short ? `  ${short}` : ""}`);
}
