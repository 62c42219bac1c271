import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Workspace } from "@pulumi/pulumi/automation";
import { extractStderr } from "./run";

/** The engine's error after it was killed while it wrote a file's attributes; every command fails then, even `cancel`. */
const EMPTY_ATTRIBUTES = /failed to load checkpoint: EOF/;

/**
 * Finds empty attribute files that a killed engine left beside a stack's state and locks.
 *
 * @param backend its URL; only folders (`file://`) have such files
 */
export function findEmptyAttributes(backend: string, project: string, stack: string): string[] {
  if (!backend.startsWith("file://")) return [];
  const root = join(backend.slice("file://".length).replace(/^~/, homedir()), ".pulumi");
  const folders = [join(root, "stacks", project), join(root, "locks/organization", project, stack)];
  return folders.flatMap((folder, index) =>
    (existsSync(folder) ? readdirSync(folder) : [])
      .filter((name) => name.endsWith(".attrs") && (index > 0 || name.startsWith(`${stack}.json`)))
      .map((name) => join(folder, name))
      .filter((path) => statSync(path, { throwIfNoEntry: false })?.size === 0),
  );
}

/**
 * Removes them. The file backend replaces the files themselves atomically, and works without attributes.
 *
 * @returns the paths that were removed
 */
export function removeEmptyAttributes(backend: string, project: string, stack: string): string[] {
  const empty = findEmptyAttributes(backend, project, stack);
  for (const path of empty) rmSync(path);
  return empty;
}

/** Repairs the backend where empty attribute files caused the error. @returns whether it removed any */
export async function repairEmptyAttributes(
  error: Error,
  workspace: Workspace,
  project: string,
  stack: string,
): Promise<boolean> {
  if (!EMPTY_ATTRIBUTES.test(extractStderr(error))) return false;
  return removeEmptyAttributes((await workspace.whoAmI()).url ?? "", project, stack).length > 0;
}
