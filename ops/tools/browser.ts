import { resolve } from "node:path";
import type { Browser } from "playwright-core";
import { UserError } from "../errors";
import { type AptOptions, aptInstall } from "./apt";
import { findOnPath, isExecutable } from "./path";

/** Names of the program in distributions, in the order in which they are tried: without windows it takes half the time. */
const NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];
const HOW = "Install Chromium, or set CHROMIUM to the path of Chromium or Google Chrome.";

/**
 * Path of the Chromium of this machine: `CHROMIUM`, else the one on PATH; undefined when there is none. Looks only.
 *
 * @throws UserError when `CHROMIUM` names no program
 */
export function findBrowser({ env = process.env }: AptOptions = {}): string | undefined {
  const { CHROMIUM: chosen } = env;
  if (!chosen) return NAMES.map((name) => findOnPath(name, env)).find(Boolean);
  if (isExecutable(chosen)) return resolve(chosen);
  throw new UserError(`CHROMIUM is "${chosen}", which is no program`, [HOW]);
}

/**
 * Like {@link findBrowser}, and installs it where there is none: on Debian and its kin, as root, with apt-get.
 *
 * @throws UserError saying how to install it
 */
export async function ensureBrowser(options: AptOptions = {}): Promise<string> {
  const found = findBrowser(options);
  if (found) return found;
  const install = (name: string) => aptInstall(name, "Chromium", options);
  // Releases of distributions before 2025 have Chromium only as a whole.
  await install("chromium-headless-shell")
    .catch(() => install("chromium"))
    .catch(refuse);
  return findBrowser(options) ?? refuse(new UserError("apt-get install chromium did not bring it"));
}

function refuse(error: UserError): never {
  throw new UserError(`no Chromium on this machine: ${error.message}`, [...error.next, HOW]);
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
      // A proxy would look names up by itself. The headless shell knows no --no-proxy-server.
      "--proxy-server=direct://",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1",
    ],
  });
}
