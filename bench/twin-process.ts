import { startTwin } from "../twin/index";
import { crowd } from "./crowd";

/** What the process tells: where the twin is at first, and after each growth. */
export interface Told {
  microsoftUrl: string;
  cloudflareUrl: string;
  caFile: string;
  /** From the call of `startTwin` until it serves. */
  startMilliseconds: number;
  /** Memory of the whole process once nothing is left to collect. */
  bytes: number;
}

/** A twin in a process of its own, so that what is measured is not what measures. */
async function main(): Promise<void> {
  const began = performance.now();
  const { reset, close, microsoftUrl, cloudflareUrl, caFile } = await startTwin();
  const startMilliseconds = performance.now() - began;
  const tell = () => {
    globalThis.gc?.();
    process.send?.({
      microsoftUrl,
      cloudflareUrl,
      caFile,
      startMilliseconds,
      bytes: process.memoryUsage().rss,
    });
  };
  process.on("message", (objects: number) => {
    reset(crowd(objects));
    tell();
  });
  process.on("disconnect", () => void close());
  tell();
}

void main();
