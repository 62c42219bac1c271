import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A lock of stack `test` in the file backend, as the engine writes it. */
export interface LockFile {
  pid: number;
  username: string;
  hostname: string;
  timestamp: string;
}

const getLockFolder = (directory: string) =>
  join(directory, "state/.pulumi/locks/organization/entra-access/test");

export function readLocks(directory: string): LockFile[] {
  try {
    const folder = getLockFolder(directory);
    // The engine also keeps an attributes file for each lock.
    const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
    return names.map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
  } catch {
    return [];
  }
}

export function writeLock(directory: string, lock: LockFile): void {
  mkdirSync(getLockFolder(directory), { recursive: true });
  writeFileSync(join(getLockFolder(directory), "00000000.json"), JSON.stringify(lock));
}

/** Kills the engine that runs on this state, like a power cut. */
export function killEngine(directory: string): void {
  for (const { pid } of readLocks(directory)) process.kill(pid, "SIGKILL");
}
