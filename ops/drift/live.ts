import type { ProgressStream } from "../terminal/progress";
import { pc } from "../terminal/progress";
import type { Result, StackDrift } from "./report";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const MARKS: Record<Result, string> = {
  "as declared": pc.green("✓"),
  drift: pc.red("✗"),
  "could not tell": pc.yellow("?"),
};

/** Shows which stacks are looked at: a terminal has one moving line below those that are done, a file plain lines. */
export class Live {
  private readonly running = new Map<string, number>();
  private done = 0;
  private frame = 0;
  private readonly timer: NodeJS.Timeout | undefined;

  constructor(private readonly out: ProgressStream = process.stderr) {
    if (out.isTTY) this.timer = setInterval(() => this.draw(), 100).unref();
  }

  readonly tell = (stack: string, drift?: StackDrift): void => {
    if (!drift) {
      this.running.set(stack, Date.now());
      this.draw();
      return;
    }
    const seconds = ((Date.now() - (this.running.get(stack) ?? Date.now())) / 1000).toFixed(1);
    this.running.delete(stack);
    this.done += 1;
    this.clear();
    this.out.write(`${MARKS[drift.result]} ${stack}: ${drift.result} ${pc.dim(`(${seconds} s)`)}\n`);
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
    const text = `${this.done} done; looking at ${names.join(", ")}`;
    // A line that wraps cannot be redrawn.
    const width = (this.out.columns ?? 80) - 3;
    this.clear();
    this.out.write(`${FRAMES[this.frame]} ${text.length > width ? `${text.slice(0, width - 1)}…` : text}`);
  }

  private clear(): void {
    if (this.out.isTTY) this.out.write("\r\u001b[2K");
  }
}
