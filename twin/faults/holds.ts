import type { Clock } from "../clock";

/** Calls of one fault that wait to be released. */
export class Holds {
  private readonly waiting = new Set<() => void>();
  private readonly watchers = new Set<() => void>();

  constructor(private readonly clock: Clock) {}

  get count(): number {
    return this.waiting.size;
  }

  /** Waits for {@link release}; with `seconds` until the clock is so much later, or as long in real time unless it is frozen. */
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

  /** Lets all go on. @returns how many */
  release(): number {
    const all = [...this.waiting];
    for (const end of all) end();
    return all.length;
  }

  /** Resolves as soon as a call waits. */
  async some(): Promise<void> {
    if (this.count > 0) return;
    await new Promise<void>((resolve) => this.watchers.add(resolve));
  }
}
