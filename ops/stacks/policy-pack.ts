import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The program that serves policy packs; an engine that was built from source comes without one. */
const ANALYZER_FOLDER = join(__dirname, "../tools/engine/analyzer");

/** The policy pack of a project, as options of a run. */
export interface PolicyPackOptions {
  readonly policyPacks: string[];
  readonly policyPackConfigs?: string[];
}

/** Finds the project's `policy/` with its configuration `policy-config.json`; undefined if there is no pack. */
export function findPolicyPack(projectFolder: string): PolicyPackOptions | undefined {
  const pack = join(projectFolder, "policy");
  if (!existsSync(join(pack, "PulumiPolicy.yaml"))) return undefined;
  // Node.js would load a file policy.json in place of the folder policy/.
  const config = join(projectFolder, "policy-config.json");
  return { policyPacks: [pack], ...(existsSync(config) && { policyPackConfigs: [config] }) };
}

/** Adds the program that serves policy packs to the end of PATH, where it stands back behind that of the Pulumi CLI. */
export function addAnalyzer(env: Readonly<Record<string, string | undefined>>): { PATH: string } {
  return { PATH: [env.PATH, ANALYZER_FOLDER].filter(Boolean).join(delimiter) };
}
