import { carriedOut } from "../drift/fleet/process";
import { choose, type Listed, needs, stacksOf } from "../drift/fleet/project";
import { DEFAULT_LIMITS, type Limits, runWithin } from "../drift/fleet/schedule";
import { PROJECT_FOLDER } from "../stacks";
import { type Engine, findEngine } from "../tools/engine";
import type { StackPreview } from "./preview";

export interface PreviewOptions {
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
  /** Told of each stack as it is done. */
  readonly onStack?: (preview: StackPreview) => void;
}

/**
 * Previews many stacks, each in a process of its own and within {@link Limits}: what fails in one hides no other.
 *
 * @returns by name
 * @throws UserError when the stacks cannot be listed, or one that was named is not there
 */
export async function previewFleet(options: PreviewOptions = {}): Promise<StackPreview[]> {
  const { projectFolder = PROJECT_FOLDER, env = {}, signal, patience = 10 * 60 * 1000 } = options;
  const engine = options.engine ?? (await findEngine());
  const chosen = choose(await stacksOf({ projectFolder, engine, env }), options.stacks);
  const preview = (listed: Listed): Promise<StackPreview> => {
    const { name: stack, target, lock } = listed;
    // The state of a stack that is being brought up is that of no moment.
    if (lock) return Promise.resolve({ stack, cause: `the stack is locked by ${lock}` });
    return carriedOut<StackPreview>(
      { task: "preview", stack, target, projectFolder, engine },
      { env: { ...process.env, ...env }, signal, patience },
      (cause) => ({ stack, cause }),
    );
  };
  const jobs = chosen.map((listed) => ({
    ...needs(listed, "preview"),
    run: async () => {
      const result = await preview(listed);
      options.onStack?.(result);
      return result;
    },
  }));
  const previews = await runWithin(jobs, { ...DEFAULT_LIMITS, ...options.limits });
  return previews.sort((a, b) => (a.stack < b.stack ? -1 : 1));
}
