import type { Clock } from "../clock";

/** The held calls of one fault. */
export class Holds {
  private readonly waiting = new Set<() => void>();
  private readonly watchers = new Set<() => void>();

  constructor(private readonly clock: Clock) {}

  get count(): number {
    return this.waiting.size;
  }

  /** Waits for {@link release}; with `seconds` at most that long on the twin's clock or, unless it is frozen, in real time. */
  wait(seconds?: number): Promise<void> {
    return new Promise((resolve) => {
      const until = seconds === undefined ? undefined : this.clock.now().getTime() + seconds * 1000;
      const end = () => {
        clearTimeout(timer);
        unwatch();
        this.waiting.delete(end);
        resolve();
      };
      const passed = () => {
        if (!this.clock.isFrozen) end();
      };
      const timer = seconds === undefined ? undefined : setTimeout(passed, seconds * 1000);
      const unwatch = this.clock.onMove(() => {
        if (until !== undefined && this.clock.now().getTime() >= until) end();
      });
      this.waiting.add(end);
      for (const watcher of this.watchers) watcher();
      this.watchers.clear();
    });
  }

  /** Releases all calls. @returns their number */
  release(): number {
    const all = [...this.waiting];
    for (const end of all) end();
    return all.length;
  }

  /** Resolves as soon as a call waits. */
  async waitForFirst(): Promise<void> {
    if (this.count > 0) return;
    await new Promise<void>((resolve) => this.watchers.add(resolve));
  }
}
