import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Writes a Node.js language host, which leaves a file `<host>.ran` when it runs.
 *
 * @param folder of the folder `bin` in which it is
 * @returns its path, and the PATH on which the engine finds it
 */
export function writeLanguageHost(folder: string): { host: string; PATH: string } {
  const bin = join(folder, "bin");
  const host = join(bin, "pulumi-language-nodejs");
  mkdirSync(bin);
  const program = join(__dirname, "language-host.cjs");
  const script = `#!/bin/sh\ntouch "$0.ran"\nexec '${process.execPath}' '${program}'\n`;
  writeFileSync(host, script, { mode: 0o755 });
  return { host, PATH: [bin, process.env.PATH].join(delimiter) };
}
