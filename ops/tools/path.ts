import { accessSync, constants } from "node:fs";
import { delimiter, resolve } from "node:path";

/** Path of a program on PATH; undefined when there is none. */
export function findOnPath(name: string, { PATH = "" }: NodeJS.ProcessEnv): string | undefined {
  const folders = PATH.split(delimiter).filter(Boolean);
  return folders.map((folder) => resolve(folder, name)).find(isExecutable);
}

/** Whether it is a program that may be run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
