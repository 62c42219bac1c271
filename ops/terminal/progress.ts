import type { WriteStream } from "node:tty";
import picocolors from "picocolors";

/** Colors for a terminal; none with NO_COLOR, and none in a log file or pipe. */
export const pc = picocolors.createColors(picocolors.isColorSupported && process.stdout.isTTY === true);

/** The output of progress: a terminal shows one animated line per step, anything else plain lines. */
export type ProgressStream = Pick<WriteStream, "write"> & {
  readonly isTTY?: boolean;
  readonly columns?: number;
};

/** Reports the current detail of a step, for example the package being compiled. */
export type ProgressNote = (text: string) => void;

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const PLAIN_EVERY_SECONDS = 10;

/** Runs steps and shows progress for every step that takes longer than a second. */
export class Progress {
  private frame = 0;

  constructor(private readonly out: ProgressStream = process.stdout) {}

  /** Prints one line; inside a step, use its note instead. */
  line(text = ""): void {
    this.out.write(`${text}\n`);
  }

  /** Runs `work` under `title`; marks the step as failed and rethrows when it throws. */
  async step<T>(title: string, work: (note: ProgressNote) => Promise<T>): Promise<T> {
    const started = Date.now();
    const seconds = () => Math.floor((Date.now() - started) / 1000);
    let detail = "";
    let lastLine = -1;
    const tick = () => {
      if (this.out.isTTY) {
        this.frame = (this.frame + 1) % FRAMES.length;
        this.redraw(`${pc.cyan(FRAMES[this.frame] ?? "")} ${title}${formatDetail(seconds(), detail)}`);
      } else if (seconds() >= 1 && (lastLine < 0 || seconds() - lastLine >= PLAIN_EVERY_SECONDS)) {
        lastLine = seconds();
        this.line(`... ${title}${formatDetail(seconds(), detail)}`);
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
    // A line that wraps cannot be redrawn, so it must be shorter than the width.
    if (this.out.isTTY) this.out.write(`\r\u001b[2K${text}`);
  }
}

function formatDetail(seconds: number, detail: string): string {
  const width = 60;
  const short = detail.length > width ? `${detail.slice(0, width - 1)}…` : detail;
  return pc.dim(`${seconds >= 1 ? ` ${seconds} s` : ""}${short ? `  ${short}` : ""}`);
}
