import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";

/** The project's program, in the environment that the CLI would run it in. */
export function loadProgram(folder: string, env: NodeJS.ProcessEnv): PulumiFn {
  const program = require(join(folder, "index"));
  return () => program({ env });
}
