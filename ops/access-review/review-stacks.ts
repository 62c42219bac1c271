import { listStacks, selectStacks } from "../fleet/stack-list";
import { PROJECT_FOLDER, Stack } from "../stacks";
import type { Progress } from "../terminal/progress";
import { ensureEngine } from "../tools/engine";
import type { AccessReport } from "./report/report";
import {
  createReviews,
  prepareStack,
  type ReadReviews,
  type ReviewedStack,
  readAllEnforcedRules,
  readDirectories,
} from "./sources/account-reviews";

export interface ReviewOptions {
  /** Names; none is the selected stack. */
  readonly stacks: readonly string[] | "all";
  readonly declared: boolean;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly projectFolder?: string;
}

export type StackReview = ReadReviews & Pick<AccessReport, "madeAt" | "rules" | "stacks">;

/** Reads rules and directories of the stacks; changes nothing. */
export async function reviewStacks(options: ReviewOptions): Promise<StackReview> {
  const { progress, signal, projectFolder = PROJECT_FOLDER } = options;
  const engine = await ensureEngine({ progress, signal });
  const names =
    options.stacks === "all" || options.stacks.length > 0
      ? selectStacks(await listStacks({ projectFolder, engine, env: {} }), options.stacks).map(
          ({ name }) => name,
        )
      : [undefined];
  const stacks: Stack[] = [];
  for (const name of names) stacks.push(await Stack.openExisting({ name, engine, signal, projectFolder }));
  return progress.step("Reading rules and directories", () => reviewOpenStacks(stacks, options.declared));
}

/** Reads rules and directories of stacks that are open. */
export async function reviewOpenStacks(stacks: readonly Stack[], declared: boolean): Promise<StackReview> {
  const prepared: ReviewedStack[] = await Promise.all(stacks.map(prepareStack));
  const madeAt = new Date().toISOString();
  const rules = await readAllEnforcedRules(prepared);
  const reviews = createReviews(rules, await readDirectories(prepared, rules));
  return {
    ...reviews,
    madeAt,
    rules: declared ? "declared" : "enforced",
    stacks: prepared.map(({ name }) => name),
  };
}
