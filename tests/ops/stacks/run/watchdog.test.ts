import { startWatchdog } from "../../../../ops/stacks/run/watchdog";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const event = { sequence: 1, timestamp: 0 };
const reject = () => process.emit("unhandledRejection", new Error("the program's"), Promise.resolve());
const ofSdk = () => {};

function watching() {
  // Jest's own listener would report the rejection as a failed test.
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  const watchdog = startWatchdog({ afterFailure: 10_000, silence: 60_000 });
  process.on("unhandledRejection", ofSdk);
  return {
    watchdog,
    stop: () => {
      watchdog.stop();
      const left = process.listeners("unhandledRejection");
      process.removeAllListeners("unhandledRejection");
      for (const listener of others) process.on("unhandledRejection", listener);
      return left;
    },
  };
}

test("ends a silent run after its program has failed, and leaves no listener", () => {
  const { watchdog, stop } = watching();
  reject();
  jest.advanceTimersByTime(9_000);
  watchdog.reset(event);
  jest.advanceTimersByTime(9_999);
  expect(watchdog.signal.aborted).toBe(false);
  jest.advanceTimersByTime(1);
  expect(watchdog.signal.aborted).toBe(true);
  expect(watchdog.reason).toBe("nothing happened for 10 s after the program failed");
  expect(stop()).toEqual([]);
});

test("ends a run after a long silence, not while events arrive", () => {
  const { watchdog, stop } = watching();
  jest.advanceTimersByTime(59_999);
  watchdog.reset(event);
  jest.advanceTimersByTime(59_999);
  expect(watchdog.signal.aborted).toBe(false);
  jest.advanceTimersByTime(1);
  expect(watchdog.reason).toBe("nothing happened for 60 s");
  stop();
});

test("keeps the SDK's listeners after a run that ends by itself, and does not end it later", () => {
  const { watchdog, stop } = watching();
  reject();
  expect(stop()).toEqual([ofSdk]);
  jest.runAllTimers();
  expect(watchdog.signal.aborted).toBe(false);
});
