import { existsSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { getPluginPath, installStandIns, PLUGINS } from "../../stand-ins/install";

/**
 * Installs the official plugins that somebody has put into a Pulumi home, and stand-ins for the others.
 *
 * @param userHome the Pulumi home that is read
 * @returns the names of the official ones
 */
export function installOfficialPlugins(pulumiHome: string, userHome: string): string[] {
  installStandIns(pulumiHome);
  return Object.keys(PLUGINS).filter((name) => {
    const official = getPluginPath(userHome, name);
    // A stand-in is a script.
    if (!existsSync(official) || readFileSync(official).subarray(0, 2).toString() === "#!") return false;
    const path = getPluginPath(pulumiHome, name);
    rmSync(path);
    symlinkSync(official, path);
    return true;
  });
}
