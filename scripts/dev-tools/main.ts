/**
 * Finds or installs the programs that only the tests need. Arguments: names of programs; default: all of them. `lockfile` repairs
 * package-lock.json after npm install, `licenses` prints a table of the packages' licenses, `engine` builds the engine twice,
 * `languages` prepares the programs in Python and Go of the long run.
 * Uses the Chromium in CHROMIUM or on PATH, otherwise installs it with apt-get, as root. Uses the newest PostgreSQL server in /usr/lib/postgresql, otherwise the initdb on PATH, otherwise installs it with
 * apt-get, as root. Uses the actionlint on PATH if its version is that of go.mod, otherwise builds that version with Go.
 */
import { describeError } from "../../ops/errors";
import { ensureActionlint } from "./actionlint";
import { ensureBrowser } from "./browser";
import { buildEngineTwice } from "./engine";
import { prepareLanguages } from "./languages";
import { listLicenses } from "./licenses";
import { repairLockfile } from "./lockfile";
import { ensurePostgresql } from "./postgresql";

const INSTALLERS = { browser: ensureBrowser, postgresql: ensurePostgresql, actionlint: ensureActionlint };

/** Work on this repository, done only if it is named. */
const TASKS: Readonly<Record<string, () => string | Promise<string>>> = {
  lockfile: repairLockfile,
  licenses: listLicenses,
  engine: buildEngineTwice,
  languages: prepareLanguages,
};

async function main(names: readonly string[]): Promise<void> {
  for (const [name, run] of Object.entries(TASKS)) if (names.includes(name)) console.log(await run());
  for (const [name, ensure] of Object.entries(INSTALLERS))
    if (names.length === 0 || names.includes(name)) console.log(`${name}: ${await ensure()}`);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(describeError(error));
  process.exitCode = 1;
});
