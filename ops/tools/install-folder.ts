import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * Fills a folder beside the final one, `parent`/`name`, and renames it: whoever is interrupted leaves nothing half done.
 *
 * @param fill fills the folder it is given; throws unless what is in it works
 * @param works whether what is in the final place does, because somebody else was faster
 */
export async function installAtomically(
  parent: string,
  name: string,
  { fill, works }: { fill(folder: string): Promise<void>; works(): Promise<boolean> },
): Promise<void> {
  const prefix = `.${name}-`;
  removeAbandoned(parent, prefix);
  const staging = join(parent, `${prefix}${process.pid}`);
  try {
    mkdirSync(staging, { recursive: true });
    await fill(staging);
    if (await works()) return;
    // What is there does not run, or it would have been found.
    rmSync(join(parent, name), { recursive: true, force: true });
    renameSync(staging, join(parent, name));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** A killed run cannot clean up; its process id is in the name. */
function removeAbandoned(parent: string, prefix: string): void {
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix) || alive(Number(name.slice(prefix.length)))) continue;
    rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
