import { PROJECT_FOLDER } from "../stacks";
import { type Engine, findEngine } from "../tools/engine";
import { DEFAULT_FLEET_LIMITS, type FleetLimits } from "./schedule";
import { type ListedStack, listStacks, selectStacks } from "./stack-list";
import { type ProcessOptions, WorkerPool } from "./worker-pool";

/** The stacks of a project to work on, and the way to run their processes. */
export interface FleetOptions {
  /** Default: the one selected with `pulumi stack select`. */
  readonly stacks?: readonly string[] | "all" | undefined;
  /** The folder of Pulumi.yaml; default: this repository's. */
  readonly projectFolder?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly engine?: Engine;
  readonly signal?: AbortSignal;
  readonly limits?: Partial<FleetLimits>;
  /** Milliseconds per stack; default 10 minutes. */
  readonly timeoutMs?: number;
}

export interface FleetSelection {
  readonly all: readonly ListedStack[];
  readonly chosen: readonly ListedStack[];
  readonly location: { readonly projectFolder: string; readonly engine: Engine };
  readonly limit: Pick<ProcessOptions, "signal" | "timeoutMs">;
  readonly workers: WorkerPool;
  readonly limits: FleetLimits;
}

/** @throws UserError if the stacks cannot be listed or a named one does not exist */
export async function selectFleet(options: FleetOptions): Promise<FleetSelection> {
  const { projectFolder = PROJECT_FOLDER, env = {}, signal, timeoutMs = 10 * 60 * 1000 } = options;
  const location = { projectFolder, engine: options.engine ?? (await findEngine()) };
  const all = await listStacks({ ...location, env, withCurrent: options.stacks === undefined });
  return {
    all,
    chosen: selectStacks(all, options.stacks),
    location,
    limit: { signal, timeoutMs },
    workers: new WorkerPool({ env: { ...process.env, ...env }, signal, timeoutMs }),
    limits: { ...DEFAULT_FLEET_LIMITS, ...options.limits },
  };
}
