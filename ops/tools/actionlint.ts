import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors";
import { Progress } from "../terminal/progress";
import { execFileAsync, type UnavailableError } from "./engine/source";
import { buildWithGo } from "./go";
import { installAtomically } from "./install-folder";
import { findOnPath } from "./path";

const MODULE = join(__dirname, "actionlint");

/** What ops/tools/actionlint/go.mod pins: `"1.7.12"`. */
export const ACTIONLINT_VERSION =
  /rhysd\/actionlint v(\S+)/.exec(readFileSync(join(MODULE, "go.mod"), "utf8"))?.[1] ?? "";

export interface ActionlintOptions {
  /** Default `process.env`; read are PATH and what Go reads. */
  readonly env?: NodeJS.ProcessEnv;
  /** Where it is kept, by version; default: `.local/actionlint` of this checkout. */
  readonly folder?: string;
  readonly progress?: Progress;
  /** Stops a build, which then fails. */
  readonly signal?: AbortSignal;
}

/**
 * Path of actionlint in the version that we pin: on PATH, in its folder, or built there with Go.
 *
 * @throws UserError saying what it takes
 */
export async function ensureActionlint(options: ActionlintOptions = {}): Promise<string> {
  const { env = process.env, folder = join(__dirname, "../../.local/actionlint"), signal } = options;
  const own = join(folder, ACTIONLINT_VERSION, "actionlint");
  for (const command of [findOnPath("actionlint", env), own])
    if (command && (await isPinned(command, env))) return command;
  const program = {
    module: MODULE,
    package: "github.com/rhysd/actionlint/cmd/actionlint",
    space: { GOMODCACHE: 0.1, GOCACHE: 0.2 },
  };
  const progress = options.progress ?? new Progress();
  try {
    await progress.step("Building actionlint with Go, half a minute, once", (note) =>
      installAtomically(folder, ACTIONLINT_VERSION, {
        fill: (into) => buildWithGo(program, join(into, "actionlint"), { env, note, signal }),
        works: () => isPinned(own, env),
      }),
    );
  } catch (error) {
    const { message, next } = error as UnavailableError;
    throw new UserError(`no actionlint on this machine: ${message}`, next ? [next] : []);
  }
  if (await isPinned(own, env)) return own;
  throw new UserError(`${own} was built and does not run`);
}

/** Asks the program itself, because a broken copy has the right name too. */
async function isPinned(command: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const answer = await execFileAsync(command, ["-version"], { env, timeout: 30_000 }).catch(() => undefined);
  return answer?.stdout.split("\n")[0] === `v${ACTIONLINT_VERSION}`;
}
