import { accessSync, constants } from "node:fs";
import { delimiter, resolve } from "node:path";

/** Finds a program on PATH. @returns its path; undefined where there is none */
export function findOnPath(name: string, { PATH = "" }: NodeJS.ProcessEnv): string | undefined {
  const folders = PATH.split(delimiter).filter(Boolean);
  return folders.map((folder) => resolve(folder, name)).find(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
