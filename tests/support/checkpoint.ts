import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Lab } from "./lab";

/** The clouds and a stack as they are now, to go back to as often as one likes. */
export interface Checkpoint {
  restore(): void;
  /** Removes the copy; only needed while the lab goes on. */
  discard(): void;
}

let copies = 0;

/** @param directory of the stack, between two runs */
export function checkpoint({ twin }: Lab, directory: string): Checkpoint {
  copies += 1;
  const copy = `${directory}-${copies}`;
  const clouds = twin.snapshot();
  cpSync(directory, copy, { recursive: true });
  return {
    restore() {
      twin.restore(clouds);
      for (const part of ["state", "project"]) {
        rmSync(join(directory, part), { recursive: true, force: true });
        cpSync(join(copy, part), join(directory, part), { recursive: true });
      }
    },
    discard: () => rmSync(copy, { recursive: true, force: true }),
  };
}
