import type { EngineEvent } from "@pulumi/pulumi/automation";

/** Times in milliseconds after which a run is ended. */
export interface RunTimeouts {
  /** Without an event, after the program has failed. */
  readonly afterFailure: number;
  /** Without an event otherwise; azuread waits up to thirty minutes for one resource. */
  readonly silence: number;
}

export const DEFAULT_RUN_TIMEOUTS: RunTimeouts = { afterFailure: 10_000, silence: 45 * 60_000 };

export interface Watchdog {
  /** Aborted when the run must end. */
  readonly signal: AbortSignal;
  /** The reason, once the watchdog has ended the run. */
  readonly reason: string | undefined;
  reset(event: EngineEvent): void;
  stop(): void;
}

const REJECTION = "unhandledRejection";

/**
 * Starts a watchdog that ends a run which would wait forever. The CLI's language host exits at the first unhandled
 * rejection. The SDK's inline programs go on and wait for outputs that never resolve (after a failed
 * `getServicePrincipal`, for example), while the engine holds the stack's lock.
 */
export function startWatchdog(timeouts: RunTimeouts = DEFAULT_RUN_TIMEOUTS): Watchdog {
  const controller = new AbortController();
  const before = new Set(process.listeners(REJECTION));
  let reason: string | undefined;
  let isFailed = false;
  let timer: NodeJS.Timeout | undefined;
  const end = () => {
    const seconds = Math.round((isFailed ? timeouts.afterFailure : timeouts.silence) / 1000);
    reason = `nothing happened for ${seconds} s${isFailed ? " after the program failed" : ""}`;
    controller.abort();
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(end, isFailed ? timeouts.afterFailure : timeouts.silence);
  };
  const failed = () => {
    isFailed = true;
    wait();
  };
  process.on(REJECTION, failed);
  wait();
  return {
    signal: controller.signal,
    get reason() {
      return reason;
    },
    reset: wait,
    stop() {
      clearTimeout(timer);
      process.off(REJECTION, failed);
      // A program that never ends leaves the SDK's listeners behind, which would catch the next run's rejections.
      if (reason)
        for (const listener of process.listeners(REJECTION))
          if (!before.has(listener)) process.off(REJECTION, listener);
    },
  };
}
