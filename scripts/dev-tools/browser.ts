import { findBrowser, INSTALL_ADVICE } from "../../ops/demo/browser";
import { UserError } from "../../ops/errors";
import { type AptOptions, aptInstall } from "./apt";

/**
 * Finds Chromium as {@link findBrowser} does, otherwise installs it with apt-get, as root on Debian or its derivatives.
 *
 * @throws UserError with instructions
 */
export async function ensureBrowser(options: AptOptions = {}): Promise<string> {
  const found = findBrowser(options.env);
  if (found) return found;
  const install = (name: string) => aptInstall(name, "Chromium", options);
  // Releases before 2025 have no package for the headless shell.
  await install("chromium-headless-shell")
    .catch(() => install("chromium"))
    .catch(refuse);
  return findBrowser(options.env) ?? refuse(new UserError("apt-get install chromium did not install it"));
}

function refuse(error: UserError): never {
  throw new UserError(`Chromium is required: ${error.message}`, [...error.next, INSTALL_ADVICE]);
}
