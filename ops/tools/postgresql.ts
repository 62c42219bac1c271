import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../errors";
import { type AptOptions, aptInstall } from "./apt";
import { findOnPath, isExecutable } from "./path";

/** Debian keeps the server's programs out of PATH, a folder for each version. */
const DEBIAN = "/usr/lib/postgresql";

/** The folder with initdb and postgres, the newest version's; undefined when there is none. Looks only. */
export function findPostgresql(env: NodeJS.ProcessEnv = process.env, debian = DEBIAN): string | undefined {
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const folders = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(debian, version, "bin"));
  const found = folders.find((folder) => isExecutable(join(folder, "initdb")));
  const initdb = findOnPath("initdb", env);
  return found ?? (initdb && dirname(initdb));
}

/**
 * Like {@link findPostgresql}, and installs it where there is none.
 *
 * @throws UserError saying how to install it
 */
export async function ensurePostgresql(options: AptOptions = {}): Promise<string> {
  const find = () => findPostgresql(options.env);
  const found = find() ?? (await aptInstall("postgresql", "PostgreSQL", options).then(find, refuse));
  return found ?? refuse(new UserError("apt-get install postgresql did not bring it"));
}

function refuse(error: UserError): never {
  const how = "Install PostgreSQL's server, so that initdb is on PATH.";
  throw new UserError(`no PostgreSQL on this machine: ${error.message}`, [...error.next, how]);
}
