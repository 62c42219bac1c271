/** The twin's own time: what the system's clock says, moved. It goes on running from wherever it is set. */
export class Clock {
  private moved = 0;
  private readonly listeners = new Set<() => void>();

  /** @param source what time it is when nobody has moved the clock */
  constructor(private readonly source: () => Date) {}

  now(): Date {
    return new Date(this.source().getTime() + this.moved);
  }

  /** @throws RangeError when `to` is no date */
  set(to: Date): void {
    this.offset = to.getTime() - this.source().getTime();
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
    if (Number.isNaN(new Date(this.source().getTime() + milliseconds).getTime())) {
      throw new RangeError("the clock can only be moved to a date");
    }
    this.moved = milliseconds;
    for (const listener of [...this.listeners]) listener();
  }

  /** Calls `listener` whenever somebody moves the clock. @returns ends that */
  onMove(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
