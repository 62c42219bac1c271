import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { Twin } from "../../twin/index";
import type { Lab } from "./lab";

/** The clouds and folders as they are now, to go back to as often as one likes. */
export interface Checkpoint {
  restore(): void;
  /** Removes the copy; only needed while what it is in goes on. */
  discard(): void;
}

let copies = 0;

/** @param directory of the stack, between two runs */
export function checkpoint({ twin }: Lab, directory: string): Checkpoint {
  const folders = ["state", "project"].map((part) => join(directory, part));
  return checkpointOf(twin, folders, `${directory}-copy`);
}

/**
 * @param folders of different names
 * @param beside path that the copy's begins with
 */
export function checkpointOf(twin: Twin, folders: readonly string[], beside: string): Checkpoint {
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
