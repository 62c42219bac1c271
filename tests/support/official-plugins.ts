import { existsSync, readFileSync } from "node:fs";
import { getPluginPath, installFromHome, installStandIns, PLUGINS } from "../../stand-ins/install";

/**
 * Installs the official plugins that somebody has put into a Pulumi home, and stand-ins for the others.
 *
 * @param userHome the Pulumi home that is read
 * @returns the names of the official ones
 */
export function installOfficialPlugins(pulumiHome: string, userHome: string): string[] {
  const official = Object.keys(PLUGINS).filter((name) => {
    const path = getPluginPath(userHome, name);
    // A stand-in is a script.
    return existsSync(path) && readFileSync(path).subarray(0, 2).toString() !== "#!";
  });
  installStandIns(
    pulumiHome,
    Object.keys(PLUGINS).filter((name) => !official.includes(name)),
  );
  for (const name of official) installFromHome(pulumiHome, userHome, name);
  return official;
}
