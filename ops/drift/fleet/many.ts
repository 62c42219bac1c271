import { PROJECT_FOLDER } from "../../stacks";
import { type Engine, findEngine } from "../../tools/engine";
import type { ProcessOptions } from "./process";
import { choose, type Listed, stacksOf } from "./project";
import { DEFAULT_LIMITS, type Limits } from "./schedule";

/** Which stacks of a project, and how their processes are run. */
export interface ManyOptions {
  /** Default: the one that `pulumi stack select` chose. */
  readonly stacks?: readonly string[] | "all" | undefined;
  /** The folder of Pulumi.yaml; default: this repository's. */
  readonly projectFolder?: string;
  /** On top of this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly engine?: Engine;
  readonly signal?: AbortSignal;
  readonly limits?: Partial<Limits>;
  /** Milliseconds for one stack; default 10 minutes. */
  readonly patience?: number;
}

export interface Many {
  /** Every stack of the project. */
  readonly all: readonly Listed[];
  readonly chosen: readonly Listed[];
  /** Where a process finds them, and by what. */
  readonly where: { readonly projectFolder: string; readonly engine: Engine };
  readonly processes: ProcessOptions;
  readonly limits: Limits;
}

/** @throws UserError when the stacks cannot be listed, or one that was named is not there */
export async function manyOf(options: ManyOptions): Promise<Many> {
  const { projectFolder = PROJECT_FOLDER, env = {}, signal, patience = 10 * 60 * 1000 } = options;
  const where = { projectFolder, engine: options.engine ?? (await findEngine()) };
  const all = await stacksOf({ ...where, env });
  return {
    all,
    chosen: choose(all, options.stacks),
    where,
    processes: { env: { ...process.env, ...env }, signal, patience },
    limits: { ...DEFAULT_LIMITS, ...options.limits },
  };
}
