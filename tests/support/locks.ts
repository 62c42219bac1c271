import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Locks of stack `test` in the file backend of a {@link Lab}'s stack, as the engine writes them. */
export interface LockFile {
  pid: number;
  username: string;
  hostname: string;
  timestamp: string;
}

const folderOf = (directory: string) => join(directory, "state/.pulumi/locks/organization/entra-access/test");

export function locksOf(directory: string): LockFile[] {
  try {
    const folder = folderOf(directory);
    // Beside each lock the engine keeps attributes of its file.
    const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
    return names.map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
  } catch {
    return [];
  }
}

export function writeLock(directory: string, lock: LockFile): void {
  mkdirSync(folderOf(directory), { recursive: true });
  writeFileSync(join(folderOf(directory), "00000000.json"), JSON.stringify(lock));
}

/** Ends the engine that runs on this state as a power cut would. */
export function killEngine(directory: string): void {
  for (const { pid } of locksOf(directory)) process.kill(pid, "SIGKILL");
}
