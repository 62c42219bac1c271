import { resolve } from "node:path";

/** A path as the person meant it: commands run in the folder of package.json, npm says where they were called. */
export function resolveUserPath(path: string): string {
  return resolve(process.env.INIT_CWD ?? "", path);
}
