import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A temporary folder of a test with programs in it. */
export interface Programs {
  /** Returns a path in the folder; the folder itself without parts. */
  at(...parts: string[]): string;
  /** Writes a shell script. @returns its path */
  script(path: string, body: string): string;
}

/** Creates the folder before each test and removes it afterwards; its name contains `name`. */
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
