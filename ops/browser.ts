import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, resolve } from "node:path";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { UserError } from "./errors";
import { type Note, Progress } from "./progress";

export interface BrowserOptions {
  /** Default `process.env`; read are PATH and CHROMIUM. */
  readonly env?: NodeJS.ProcessEnv;
  readonly progress?: Progress;
  /** Stops an installation, which then fails. */
  readonly signal?: AbortSignal;
}

/** What distributions call it, in the order in which they are tried. */
const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const HOW = "Install Chromium, or set CHROMIUM to the path of Chromium or Google Chrome.";

/**
 * Path of the Chromium of this machine: `CHROMIUM`, else the one on PATH; undefined when there is none. Looks only.
 *
 * @throws UserError when `CHROMIUM` names no program
 */
export function findBrowser({ env = process.env }: BrowserOptions = {}): string | undefined {
  const { CHROMIUM: chosen } = env;
  if (!chosen) return NAMES.map((name) => onPath(name, env)).find(Boolean);
  if (executable(chosen)) return resolve(chosen);
  throw new UserError(`CHROMIUM is "${chosen}", which is no program`, [HOW]);
}

/**
 * Like {@link findBrowser}, and installs it where there is none: on Debian and its kin, as root, with apt-get.
 *
 * @throws UserError saying how to install it
 */
export async function ensureBrowser(options: BrowserOptions = {}): Promise<string> {
  const found = findBrowser(options);
  if (found) return found;
  const { env = process.env, progress = new Progress(), signal } = options;
  if (!onPath("apt-get", env)) throw missing("apt-get, which would install it, is not on PATH", [HOW]);
  const command = "apt-get install chromium";
  if (process.getuid?.() !== 0)
    throw missing(`only root may install it: sudo ${command}`, [
      "Set CHROMIUM to the path of Chromium or Google Chrome if it is elsewhere.",
    ]);
  await progress
    .step(`Installing Chromium (${command}), about a minute, once`, (note) => install(env, note, signal))
    .catch((error: Error & { stderr?: string }) => {
      const said = error.stderr?.split("\n").filter((line) => line.startsWith("E: ")) ?? [];
      throw missing(`${command} failed`, [...(said.length > 0 ? said : [error.message.trim()]), HOW]);
    });
  const installed = findBrowser({ env });
  if (!installed) throw missing(`${command} did not bring it`, [HOW]);
  return installed;
}

/**
 * Starts it without a window and with a profile of its own that is removed when it is closed. It reaches this machine
 * and nothing else.
 *
 * @param command what {@link findBrowser} found
 */
export async function launchBrowser(command: string): Promise<Browser> {
  const { chromium } = await import("playwright-core");
  return chromium.launch({
    executablePath: command,
    // Chromium's sandbox refuses root.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // A proxy would look names up by itself.
      "--no-proxy-server",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1",
    ],
  });
}

/** Package lists are fetched only where those that are there will not do: none in a fresh container, or old ones. */
async function install(env: NodeJS.ProcessEnv, note: Note, signal: AbortSignal | undefined): Promise<void> {
  const aptGet = (...args: string[]) =>
    promisify(execFile)("apt-get", args, {
      env: { ...env, DEBIAN_FRONTEND: "noninteractive" },
      maxBuffer: 2 ** 26,
      ...(signal ? { signal } : {}),
    });
  const installing = () => aptGet("install", "--yes", "chromium");
  await installing().catch(async (error: Error) => {
    if (signal?.aborted) throw error;
    note("apt-get update");
    await aptGet("update");
    note("apt-get install chromium");
    await installing();
  });
}

function missing(why: string, next: readonly string[]): UserError {
  return new UserError(`no Chromium on this machine: ${why}`, next);
}

function onPath(name: string, { PATH = "" }: NodeJS.ProcessEnv): string | undefined {
  const folders = PATH.split(delimiter).filter(Boolean);
  return folders.map((folder) => resolve(folder, name)).find(executable);
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
