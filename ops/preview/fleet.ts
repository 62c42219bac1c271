import { type ManyOptions, manyOf } from "../drift/fleet/many";
import { carriedOut } from "../drift/fleet/process";
import { type Listed, needs } from "../drift/fleet/project";
import { runWithin } from "../drift/fleet/schedule";
import type { StackPreview } from "./preview";

export interface PreviewOptions extends ManyOptions {
  /** Told of each stack as it is done. */
  readonly onStack?: (preview: StackPreview) => void;
}

/**
 * Previews many stacks, each in a process of its own and within `Limits`: what fails in one hides no other.
 *
 * @returns by name
 * @throws UserError when the stacks cannot be listed, or one that was named is not there
 */
export async function previewFleet(options: PreviewOptions = {}): Promise<StackPreview[]> {
  const { chosen, where, processes, limits } = await manyOf(options);
  const preview = (listed: Listed): Promise<StackPreview> => {
    const { name: stack, target, lock } = listed;
    // The state of a stack that is being brought up is that of no moment.
    if (lock) return Promise.resolve({ stack, cause: `the stack is locked by ${lock}` });
    return carriedOut<StackPreview>({ task: "preview", stack, target, ...where }, processes, (cause) => ({
      stack,
      cause,
    }));
  };
  const jobs = chosen.map((listed) => ({
    ...needs(listed, "preview"),
    run: async () => {
      const result = await preview(listed);
      options.onStack?.(result);
      return result;
    },
  }));
  const previews = await runWithin(jobs, limits);
  return previews.sort((a, b) => (a.stack < b.stack ? -1 : 1));
}
