import { resolve } from "node:path";

/** Resolves a path against the folder in which npm was called, because commands run in the folder of package.json. */
export function resolveUserPath(path: string): string {
  return resolve(process.env.INIT_CWD ?? "", path);
}
