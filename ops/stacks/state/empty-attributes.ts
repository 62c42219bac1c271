import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { extractStderr } from "../run/run";
import type { FolderBackend } from "./folder-backend";

/**
 * The engine's error where a file's attributes are empty, because an engine is writing them, or was killed while it wrote
 * them; after that every command fails, even `cancel`.
 */
const EMPTY_ATTRIBUTES = /failed to load checkpoint: EOF/;

/**
 * Lists empty attribute files that a killed engine left beside a stack's state and locks. The file backend replaces the
 * files themselves atomically, and works without attributes.
 */
export function listEmptyAttributes({ folder, project }: FolderBackend, stack: string): string[] {
  const root = join(folder, ".pulumi");
  const folders = [join(root, "stacks", project), join(root, "locks/organization", project, stack)];
  return folders.flatMap((folder, index) =>
    (existsSync(folder) ? readdirSync(folder) : [])
      .filter((name) => name.endsWith(".attrs") && (index > 0 || name.startsWith(`${stack}.json`)))
      .map((name) => join(folder, name))
      .filter((path) => statSync(path, { throwIfNoEntry: false })?.size === 0),
  );
}

/** Removes the files where they caused the error. @returns whether the same command can succeed now */
export function repairEmptyAttributes(
  error: Error,
  backend: FolderBackend | undefined,
  stack: string,
): boolean {
  if (!backend || !EMPTY_ATTRIBUTES.test(extractStderr(error))) return false;
  for (const path of listEmptyAttributes(backend, stack)) rmSync(path, { force: true });
  return true;
}
