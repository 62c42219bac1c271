/** The twin's own clock: the system's time plus an offset. It keeps running from wherever it is set, unless it is frozen. */
export class Clock {
  private moved = 0;
  /** The source's time at the freeze, in milliseconds since 1970; undefined while the clock runs. */
  private stopped: number | undefined;
  private readonly listeners = new Set<() => void>();

  /** @param source returns the time to which the offset is added */
  constructor(private readonly source: () => Date) {}

  now(): Date {
    return new Date(this.sourceTime() + this.moved);
  }

  /** Stops the clock: from now on it only moves when it is set or advanced. Does nothing when it is frozen already. */
  freeze(): void {
    this.stopped ??= this.source().getTime();
  }

  /** Lets a frozen clock run on from the time it shows. */
  unfreeze(): void {
    const now = this.now();
    this.stopped = undefined;
    this.set(now);
  }

  get isFrozen(): boolean {
    return this.stopped !== undefined;
  }

  /** @throws RangeError when `to` is not a valid date */
  set(to: Date): void {
    this.offset = to.getTime() - this.sourceTime();
  }

  /** @param seconds may be negative @throws RangeError when the result is not a valid date */
  advance(seconds: number): void {
    this.offset = this.moved + seconds * 1000;
  }

  /** Milliseconds that the clock is ahead of its source; 0 resets it. The setter throws a RangeError like {@link set}. */
  get offset(): number {
    return this.moved;
  }

  set offset(milliseconds: number) {
    if (Number.isNaN(new Date(this.sourceTime() + milliseconds).getTime())) {
      throw new RangeError("the clock must be set to a valid date");
    }
    this.moved = milliseconds;
    for (const listener of [...this.listeners]) listener();
  }

  private sourceTime(): number {
    return this.stopped ?? this.source().getTime();
  }

  /** Calls `listener` whenever the clock is set. @returns a function that removes the listener */
  onMove(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
