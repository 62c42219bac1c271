import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Workspace } from "@pulumi/pulumi/automation";
import { extractStderr } from "./run";

/** How the engine says that it died while it wrote the attributes of a file: no command works then, not even cancel. */
const CUT_SHORT = /failed to load checkpoint: EOF/;

/**
 * Removes attributes that a dead engine left empty beside a stack's state and locks. The file backend puts the files
 * themselves in place as a whole, and does without attributes.
 *
 * @param backend its URL; only folders (`file://`) have such files
 * @returns what was removed
 */
export function removeEmptyAttributes(backend: string, project: string, stack: string): string[] {
  if (!backend.startsWith("file://")) return [];
  const root = join(backend.slice("file://".length).replace(/^~/, homedir()), ".pulumi");
  const folders = [join(root, "stacks", project), join(root, "locks/organization", project, stack)];
  const empty = folders.flatMap((folder, index) =>
    (existsSync(folder) ? readdirSync(folder) : [])
      .filter((name) => name.endsWith(".attrs") && (index > 0 || name.startsWith(`${stack}.json`)))
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).size === 0),
  );
  for (const path of empty) rmSync(path);
  return empty;
}

/** Whether the error came from a file that a dead engine left half written, which is gone now. */
export async function repairEmptyAttributes(
  error: Error,
  workspace: Workspace,
  project: string,
  stack: string,
): Promise<boolean> {
  if (!CUT_SHORT.test(extractStderr(error))) return false;
  return removeEmptyAttributes((await workspace.whoAmI()).url ?? "", project, stack).length > 0;
}
