import { runWithinLimits } from "../fleet/schedule";
import { type FleetOptions, selectFleet } from "../fleet/selection";
import { estimateStackJob, type ListedStack } from "../fleet/stack-list";
import type { PeopleDetail } from "./people";
import type { StackPreview } from "./preview";

export interface FleetPreviewOptions extends FleetOptions {
  /** Says who gains and who loses access; default: not. */
  readonly people?: PeopleDetail | undefined;
  /** Called with the preview of each stack as it finishes. */
  readonly onStack?: (preview: StackPreview) => void;
}

/**
 * Previews many stacks, in processes beside each other and within `FleetLimits`; a failure affects no other stack.
 *
 * @returns the previews, sorted by stack
 * @throws UserError if the stacks cannot be listed or a named one does not exist
 */
export async function previewFleet(options: FleetPreviewOptions = {}): Promise<StackPreview[]> {
  const { chosen, location, workers, limits } = await selectFleet(options);
  const preview = async ({ name: stack, target, lock }: ListedStack): Promise<StackPreview> => {
    // The state changes while the stack is updated.
    if (lock) return { stack, cause: `the stack is locked by ${lock}` };
    const createFailure = (cause: string): StackPreview => ({ stack, cause });
    const { people } = options;
    const task = { task: "preview", stack, target, ...location, ...(people && { people }) } as const;
    return workers.run(task, createFailure);
  };
  const jobs = chosen.map((listed) => ({
    ...estimateStackJob(listed, "preview"),
    run: async () => {
      const result = await preview(listed);
      options.onStack?.(result);
      return result;
    },
  }));
  const previews = await runWithinLimits(jobs, limits);
  await workers.close();
  return previews.sort((a, b) => (a.stack < b.stack ? -1 : 1));
}
