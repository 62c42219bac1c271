import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { Twin } from "../../twin/index";
import type { EngineFixture } from "./engine-fixture";

/** A copy of clouds and folders that can be restored any number of times. */
export interface Checkpoint {
  restore(): void;
  /** Removes the copy; only needed if its folder stays. */
  discard(): void;
}

let copies = 0;

/** Copies a stack between two runs. @param directory of the stack */
export function createCheckpoint({ twin }: EngineFixture, directory: string): Checkpoint {
  const folders = ["state", "project"].map((part) => join(directory, part));
  return createCheckpointOf(twin, folders, `${directory}-copy`);
}

/**
 * Copies clouds and folders.
 *
 * @param folders with different names
 * @param beside prefix of the copy's path
 */
export function createCheckpointOf(twin: Twin, folders: readonly string[], beside: string): Checkpoint {
  copies += 1;
  const copy = `${beside}-${copies}`;
  const clouds = twin.snapshot();
  mkdirSync(copy);
  for (const folder of folders) cpSync(folder, join(copy, basename(folder)), { recursive: true });
  return {
    restore() {
      twin.restore(clouds);
      for (const folder of folders) {
        if (existsSync(folder)) rmSync(folder, { recursive: true });
        cpSync(join(copy, basename(folder)), folder, { recursive: true });
      }
    },
    discard: () => rmSync(copy, { recursive: true, force: true }),
  };
}
