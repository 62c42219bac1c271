import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * Fills a staging folder and renames it to `parent`/`name`, so that an interruption leaves nothing incomplete.
 *
 * @param fill fills the folder; throws unless its content works
 * @param works returns whether the final folder works, because another process was faster
 */
export async function installAtomically(
  parent: string,
  name: string,
  { fill, works }: { fill(folder: string): Promise<void>; works(): Promise<boolean> },
): Promise<void> {
  const prefix = `.${name}-`;
  removeOrphanedFolders(parent, prefix);
  const staging = join(parent, `${prefix}${process.pid}`);
  try {
    mkdirSync(staging, { recursive: true });
    await fill(staging);
    if (await works()) return;
    // An existing folder does not work, or this would not have been called.
    rmSync(join(parent, name), { recursive: true, force: true });
    renameSync(staging, join(parent, name));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Removes staging folders of killed processes, whose ids are in the names. */
function removeOrphanedFolders(parent: string, prefix: string): void {
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix) || isAlive(Number(name.slice(prefix.length)))) continue;
    rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
