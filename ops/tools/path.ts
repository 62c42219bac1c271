import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";

/** Finds a program on PATH. @returns its path; undefined where there is none */
export function findOnPath(name: string, { PATH = "" }: NodeJS.ProcessEnv): string | undefined {
  const folders = PATH.split(delimiter).filter(Boolean);
  return folders.map((folder) => resolve(folder, name)).find(isExecutable);
}

/** Finds the folder in which Pulumi keeps engines, plugins and logins. */
export function findPulumiHome({ PULUMI_HOME, HOME }: Readonly<Record<string, string | undefined>>): string {
  return PULUMI_HOME || join(HOME || homedir(), ".pulumi");
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
