import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";

/** Loads the project's program, to run it in the environment that the Pulumi CLI would give it. */
export function loadProgram(folder: string, env: NodeJS.ProcessEnv): PulumiFn {
  const program = require(join(folder, "index"));
  return () => program({ env });
}
