import { resolve } from "node:path";
import type { Browser } from "playwright-core";
import { UserError } from "../errors";
import { type AptOptions, aptInstall } from "./apt";
import { findOnPath, isExecutable } from "./path";

/** Names of the program in order of preference; the headless shell starts twice as fast. */
const NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];
const INSTALL_ADVICE = "Install Chromium, or set CHROMIUM to the path of Chromium or Google Chrome.";

/**
 * Finds the Chromium of this machine: `CHROMIUM`, otherwise the one on PATH.
 *
 * @returns its path; undefined where there is none
 * @throws UserError where `CHROMIUM` is not an executable program
 */
export function findBrowser({ env = process.env }: AptOptions = {}): string | undefined {
  const { CHROMIUM: chosen } = env;
  if (!chosen) return NAMES.map((name) => findOnPath(name, env)).find(Boolean);
  if (isExecutable(chosen)) return resolve(chosen);
  throw new UserError(`CHROMIUM must be the path of a program; found "${chosen}"`, [INSTALL_ADVICE]);
}

/**
 * Finds Chromium as {@link findBrowser} does, otherwise installs it with apt-get, as root on Debian or its derivatives.
 *
 * @throws UserError with instructions
 */
export async function ensureBrowser(options: AptOptions = {}): Promise<string> {
  const found = findBrowser(options);
  if (found) return found;
  const install = (name: string) => aptInstall(name, "Chromium", options);
  // Releases before 2025 have no package for the headless shell.
  await install("chromium-headless-shell")
    .catch(() => install("chromium"))
    .catch(refuse);
  return findBrowser(options) ?? refuse(new UserError("apt-get install chromium did not install it"));
}

function refuse(error: UserError): never {
  throw new UserError(`Chromium is required: ${error.message}`, [...error.next, INSTALL_ADVICE]);
}

/**
 * Starts Chromium without a window and with a temporary profile. It can reach only this machine.
 *
 * @param command path from {@link findBrowser}
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
      // A proxy would resolve names itself. The headless shell does not support --no-proxy-server.
      "--proxy-server=direct://",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1",
    ],
  });
}
