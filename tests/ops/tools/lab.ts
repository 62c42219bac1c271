import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder of each test's own with programs in it. */
export interface Programs {
  /** A path in the folder; the folder itself without parts. */
  at(...parts: string[]): string;
  /** Writes a program for the shell. @returns its path */
  script(path: string, body: string): string;
}

/** Made before each test and removed after it; `name` is in the folder's. */
export function programs(name: string): Programs {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), `${name}-test-`));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return {
    at: (...parts) => join(folder, ...parts),
    script(path, body) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `#!/bin/sh\n${body}\n`);
      chmodSync(path, 0o755);
      return path;
    },
  };
}
