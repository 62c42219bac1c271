import { resolve } from "node:path";
import type { Browser } from "playwright-core";
import { UserError } from "../errors";
import { findOnPath, isExecutable } from "../tools/path";

/** Names of the program in order of preference; the headless shell starts twice as fast. */
const NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];
export const INSTALL_ADVICE = "Install Chromium, or set CHROMIUM to the path of Chromium or Google Chrome.";

/**
 * Finds the Chromium of this machine: `CHROMIUM`, otherwise the one on PATH.
 *
 * @returns its path; undefined where there is none
 * @throws UserError where `CHROMIUM` is not an executable program
 */
export function findBrowser(env = process.env): string | undefined {
  const { CHROMIUM: chosen } = env;
  if (!chosen) return NAMES.map((name) => findOnPath(name, env)).find(Boolean);
  if (isExecutable(chosen)) return resolve(chosen);
  throw new UserError(`CHROMIUM must be the path of a program; found "${chosen}"`, [INSTALL_ADVICE]);
}

/**
 * Starts Chromium without a window and with a temporary profile. It can reach only this machine.
 *
 * @param command its path
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
