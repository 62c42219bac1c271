import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The passphrase of all stacks that tests create. */
export const PASSPHRASE = "passphrase";
const SALT = "v1:T1a3aIbwKbI=:v1:s6cqV0yU1IU5i+qZ:j1KGyaN5SPeSZ/bzPg150ys/pJHN8A==";

/**
 * Writes what `pulumi stack init` of engine 3.232.0 writes for a stack with {@link PASSPHRASE}. The engine takes 0.3 s of
 * processor time for it, most of it to make the salt.
 *
 * @param stateFolder of the backend
 * @param projectFolder of Pulumi.<name>.yaml
 */
export function writeNewStack(stateFolder: string, projectFolder: string, name: string): void {
  const folder = join(stateFolder, ".pulumi/stacks/entra-access");
  for (const path of [folder, projectFolder]) mkdirSync(path, { recursive: true });
  writeFileSync(join(stateFolder, ".pulumi/meta.yaml"), "version: 1\n");
  const latest = {
    manifest: {
      time: "2026-11-28T08:25:52.131458766Z",
      magic: "013bdb3947cd278b05426cf9673d82a3254c1d6366d60081bc48d550c6760600",
      version: "v3.232.0",
    },
    secrets_providers: { type: "passphrase", state: { salt: SALT } },
    metadata: {},
  };
  const state = { version: 3, checkpoint: { stack: `organization/entra-access/${name}`, latest } };
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(state, undefined, 4));
  writeFileSync(join(projectFolder, `Pulumi.${name}.yaml`), `encryptionsalt: ${SALT}\n`);
}
