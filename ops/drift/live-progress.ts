import type { ProgressStream } from "../terminal/progress";
import { pc } from "../terminal/progress";
import type { DriftResult } from "./report";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const MARKS: Record<DriftResult, string> = {
  "in sync": pc.green("✓"),
  drift: pc.red("✗"),
  unknown: pc.yellow("?"),
};

/** The progress of many checks: one line per finished check and, in a terminal, an animated line of the running ones. */
export class LiveProgress {
  private readonly running = new Map<string, number>();
  private done = 0;
  private frame = 0;
  private readonly timer: NodeJS.Timeout | undefined;

  constructor(private readonly out: ProgressStream = process.stderr) {
    if (out.isTTY) this.timer = setInterval(() => this.draw(), 100).unref();
  }

  /** Marks a check as running, or as finished if it has a result. */
  readonly update = (name: string, drift?: { readonly result: DriftResult }): void => {
    if (!drift) {
      this.running.set(name, Date.now());
      this.draw();
      return;
    }
    const seconds = ((Date.now() - (this.running.get(name) ?? Date.now())) / 1000).toFixed(1);
    this.running.delete(name);
    this.done += 1;
    this.clear();
    this.out.write(`${MARKS[drift.result]} ${name}: ${drift.result} ${pc.dim(`(${seconds} s)`)}\n`);
    this.draw();
  };

  end(): void {
    clearInterval(this.timer);
    this.clear();
  }

  private draw(): void {
    if (!this.out.isTTY || this.running.size === 0) return;
    this.frame = (this.frame + 1) % FRAMES.length;
    const names = [...this.running].map(
      ([name, since]) => `${name} ${Math.floor((Date.now() - since) / 1000)} s`,
    );
    const text = `${this.done} done; checking ${names.join(", ")}`;
    // A line that wraps cannot be redrawn.
    const width = (this.out.columns ?? 80) - 3;
    this.clear();
    this.out.write(`${FRAMES[this.frame]} ${text.length > width ? `${text.slice(0, width - 1)}…` : text}`);
  }

  private clear(): void {
    if (this.out.isTTY) this.out.write("\r\u001b[2K");
  }
}
