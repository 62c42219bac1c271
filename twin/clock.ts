/** The twin's own time: what the system's clock says, moved. It goes on running from wherever it is set, unless it is frozen. */
export class Clock {
  private moved = 0;
  /** The source's time at the freeze, in milliseconds since 1970; undefined while the clock runs. */
  private stopped: number | undefined;
  private readonly listeners = new Set<() => void>();

  /** @param source what time it is when nobody has moved the clock */
  constructor(private readonly source: () => Date) {}

  now(): Date {
    return new Date(this.sourceTime() + this.moved);
  }

  /** Stops the clock: from now on time passes only where it is set or advanced. Does nothing where it is frozen already. */
  freeze(): void {
    this.stopped ??= this.source().getTime();
  }

  /** Lets a frozen clock go on from the time it shows. */
  unfreeze(): void {
    const now = this.now();
    this.stopped = undefined;
    this.set(now);
  }

  get isFrozen(): boolean {
    return this.stopped !== undefined;
  }

  /** @throws RangeError when `to` is no date */
  set(to: Date): void {
    this.offset = to.getTime() - this.sourceTime();
  }

  /** @param seconds backwards where negative @throws RangeError where no date is */
  advance(seconds: number): void {
    this.offset = this.moved + seconds * 1000;
  }

  /** Milliseconds that the clock is ahead of its source; 0 puts it back. Setting throws as the others do. */
  get offset(): number {
    return this.moved;
  }

  set offset(milliseconds: number) {
    if (Number.isNaN(new Date(this.sourceTime() + milliseconds).getTime())) {
      throw new RangeError("the clock can only be moved to a date");
    }
    this.moved = milliseconds;
    for (const listener of [...this.listeners]) listener();
  }

  private sourceTime(): number {
    return this.stopped ?? this.source().getTime();
  }

  /** Calls `listener` whenever somebody moves the clock. @returns ends that */
  onMove(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
