import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../ops/errors";
import { Progress } from "../../ops/terminal/progress";
import { execFileAsync, type UnavailableError } from "../../ops/tools/engine/source";
import { buildWithGo } from "../../ops/tools/go";
import { installAtomically } from "../../ops/tools/install-folder";
import { findOnPath } from "../../ops/tools/path";

const MODULE = join(__dirname, "actionlint");

/** The version in scripts/dev-tools/actionlint/go.mod: `"1.7.12"`. */
export const ACTIONLINT_VERSION =
  /rhysd\/actionlint v(\S+)/.exec(readFileSync(join(MODULE, "go.mod"), "utf8"))?.[1] ?? "";

export interface ActionlintOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** The folder with one subfolder per version; default: `.local/actionlint` of this checkout. */
  readonly folder?: string;
  readonly progress?: Progress;
  /** Stops a build, which then fails. */
  readonly signal?: AbortSignal;
}

/**
 * Finds actionlint in the pinned version on PATH or in its folder, otherwise builds it there with Go.
 *
 * @returns its path
 * @throws UserError with the missing requirement
 */
export async function ensureActionlint(options: ActionlintOptions = {}): Promise<string> {
  const { env = process.env, folder = join(__dirname, "../../.local/actionlint"), signal } = options;
  const own = join(folder, ACTIONLINT_VERSION, "actionlint");
  for (const command of [findOnPath("actionlint", env), own])
    if (command && (await isPinnedVersion(command, env))) return command;
  const program = {
    module: MODULE,
    package: "github.com/rhysd/actionlint/cmd/actionlint",
    space: { GOMODCACHE: 0.1, GOCACHE: 0.2 },
  };
  const progress = options.progress ?? new Progress();
  try {
    await progress.step("Building actionlint with Go (once, about half a minute)", (note) =>
      installAtomically(folder, ACTIONLINT_VERSION, {
        fill: (into) => buildWithGo(program, join(into, "actionlint"), { env, note, signal }),
        works: () => isPinnedVersion(own, env),
      }),
    );
  } catch (error) {
    const { message, next } = error as UnavailableError;
    throw new UserError(`actionlint is required: ${message}`, next ? [next] : []);
  }
  if (await isPinnedVersion(own, env)) return own;
  throw new UserError(`${own} must be version ${ACTIONLINT_VERSION}, but does not run as such`);
}

/** Runs the program, because a broken copy has the right name too. */
async function isPinnedVersion(command: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const result = await execFileAsync(command, ["-version"], { env, timeout: 30_000 }).catch(() => undefined);
  return result?.stdout.split("\n")[0] === `v${ACTIONLINT_VERSION}`;
}
