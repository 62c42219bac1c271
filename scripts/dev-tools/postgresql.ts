import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../../ops/errors";
import { findOnPath, isExecutable } from "../../ops/tools/path";
import { type AptOptions, aptInstall } from "./apt";

/** Debian keeps the server's programs in one folder per version, not on PATH. */
const DEBIAN_FOLDER = "/usr/lib/postgresql";

/** Finds the folder with initdb and postgres of the newest version. @returns undefined where there is none */
export function findPostgresql(
  env: NodeJS.ProcessEnv = process.env,
  debian = DEBIAN_FOLDER,
): string | undefined {
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const folders = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(debian, version, "bin"));
  const found = folders.find((folder) => isExecutable(join(folder, "initdb")));
  const initdb = findOnPath("initdb", env);
  return found ?? (initdb && dirname(initdb));
}

/**
 * Finds PostgreSQL as {@link findPostgresql} does, otherwise installs it.
 *
 * @throws UserError with instructions
 */
export async function ensurePostgresql(options: AptOptions = {}): Promise<string> {
  const find = () => findPostgresql(options.env);
  const found = find() ?? (await aptInstall("postgresql", "PostgreSQL", options).then(find, refuse));
  return found ?? refuse(new UserError("apt-get install postgresql did not install it"));
}

function refuse(error: UserError): never {
  const advice = "Install the PostgreSQL server, with initdb on PATH.";
  throw new UserError(`PostgreSQL is required: ${error.message}`, [...error.next, advice]);
}
