const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Creates a signal that the first Ctrl-C or SIGTERM aborts, so that the caller can clean up. The second one ends the
 * process at once, with exit code 130.
 */
export function createInterruptSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  return controller.signal;
}

/** Keeps the process alive until the signal is aborted. */
export function waitForAbort(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const alive = setInterval(() => {}, 2 ** 30);
    signal.addEventListener("abort", () => {
      clearInterval(alive);
      resolve();
    });
  });
}
