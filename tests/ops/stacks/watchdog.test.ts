import { startWatchdog } from "../../../ops/stacks/watchdog";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const heard = { sequence: 1, timestamp: 0 };
const reject = () => process.emit("unhandledRejection", new Error("the program's"), Promise.resolve());
const ofSdk = () => {};

function watching() {
  // Jest's own would take the rejection for a failed test.
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  const watched = startWatchdog({ afterFailure: 10_000, silence: 60_000 });
  process.on("unhandledRejection", ofSdk);
  return {
    watched,
    stop: () => {
      watched.stop();
      const left = process.listeners("unhandledRejection");
      process.removeAllListeners("unhandledRejection");
      for (const listener of others) process.on("unhandledRejection", listener);
      return left;
    },
  };
}

test("a run whose program failed is ended when nothing happens any more, and leaves no listener", () => {
  const { watched, stop } = watching();
  reject();
  jest.advanceTimersByTime(9_000);
  watched.heard(heard);
  jest.advanceTimersByTime(9_999);
  expect(watched.signal.aborted).toBe(false);
  jest.advanceTimersByTime(1);
  expect(watched.signal.aborted).toBe(true);
  expect(watched.reason).toBe("nothing happened for 10 s after the program failed");
  expect(stop()).toEqual([]);
});

test("a run that is silent for long is ended, one that shows signs of life is not", () => {
  const { watched, stop } = watching();
  jest.advanceTimersByTime(59_999);
  watched.heard(heard);
  jest.advanceTimersByTime(59_999);
  expect(watched.signal.aborted).toBe(false);
  jest.advanceTimersByTime(1);
  expect(watched.reason).toBe("nothing happened for 60 s");
  stop();
});

test("a run that ends by itself keeps the SDK's listeners, and is not ended later", () => {
  const { watched, stop } = watching();
  reject();
  expect(stop()).toEqual([ofSdk]);
  jest.runAllTimers();
  expect(watched.signal.aborted).toBe(false);
});
