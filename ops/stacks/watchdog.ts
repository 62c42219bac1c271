import type { EngineEvent } from "@pulumi/pulumi/automation";

/** Milliseconds. */
export interface RunTimeouts {
  /** How long a run goes on without a sign of life after its program has failed. */
  readonly afterFailure: number;
  /** How long it goes on without one at all. azuread waits at most thirty minutes for one resource. */
  readonly silence: number;
}

export const DEFAULT_RUN_TIMEOUTS: RunTimeouts = { afterFailure: 10_000, silence: 45 * 60_000 };

/** A run of the engine that is ended when it cannot go on. */
export interface Watchdog {
  /** Aborted when the run has to end. */
  readonly signal: AbortSignal;
  /** Why it was ended, if it was. */
  readonly reason: string | undefined;
  heard(event: EngineEvent): void;
  stop(): void;
}

const REJECTION = "unhandledRejection";

/**
 * Ends a run that waits for ever. The CLI's language host leaves a program at the first rejection that nobody handles;
 * the SDK's inline programs go on, and wait for outputs that such a rejection keeps from ever getting a value (a failed
 * `getServicePrincipal`, say), while the engine holds the stack's lock. Here they get some time to end by themselves.
 */
export function startWatchdog(patience: RunTimeouts = DEFAULT_RUN_TIMEOUTS): Watchdog {
  const controller = new AbortController();
  const before = new Set(process.listeners(REJECTION));
  let reason: string | undefined;
  let isFailed = false;
  let timer: NodeJS.Timeout | undefined;
  const end = () => {
    const seconds = Math.round((isFailed ? patience.afterFailure : patience.silence) / 1000);
    reason = `nothing happened for ${seconds} s${isFailed ? " after the program failed" : ""}`;
    controller.abort();
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(end, isFailed ? patience.afterFailure : patience.silence);
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
    heard: wait,
    stop() {
      clearTimeout(timer);
      process.off(REJECTION, failed);
      // Those of the SDK stay when its program never ended, and would take the next run's rejections for this one's.
      if (reason)
        for (const listener of process.listeners(REJECTION))
          if (!before.has(listener)) process.off(REJECTION, listener);
    },
  };
}
