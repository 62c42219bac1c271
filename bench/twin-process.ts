import { startTwin } from "../twin/index";
import { createCrowdedSeed } from "./crowded-seed";

/** The message of the process at the start and after each growth. */
export interface TwinProcessInfo {
  microsoftUrl: string;
  cloudflareUrl: string;
  caFile: string;
  /** Duration of `startTwin`. */
  startMilliseconds: number;
  /** Memory of the whole process, after garbage collection at the start and after a growth. */
  bytes: number;
  /** The time that the process has taken so far. */
  cpuMicroseconds: number;
}

/** The number of objects to which the twin has to grow before it reports; 0 leaves it as it is. */
export type TwinProcessTask = number;

/** Runs a twin in its own process, apart from the measuring one. */
async function main(): Promise<void> {
  const began = performance.now();
  const { reset, close, microsoftUrl, cloudflareUrl, caFile } = await startTwin();
  const startMilliseconds = performance.now() - began;
  // Never beside a measurement of requests, whose time it would add to.
  const collectGarbage = () => globalThis.gc?.();
  const report = () => {
    const { user, system } = process.cpuUsage();
    process.send?.({
      microsoftUrl,
      cloudflareUrl,
      caFile,
      startMilliseconds,
      bytes: process.memoryUsage().rss,
      cpuMicroseconds: user + system,
    });
  };
  process.on("message", (objects: TwinProcessTask) => {
    if (objects > 0) {
      reset(createCrowdedSeed(objects));
      collectGarbage();
    }
    report();
  });
  process.on("disconnect", () => void close());
  collectGarbage();
  report();
}

void main();
