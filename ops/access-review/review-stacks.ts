import { listStacks, selectStacks } from "../fleet/stack-list";
import { PROJECT_FOLDER, Stack } from "../stacks";
import type { Progress } from "../terminal/progress";
import { ensureEngine } from "../tools/engine";
import { createPopulation } from "./decision/channel";
import type { AccessReport } from "./report/report";
import {
  createReviews,
  openDirectories,
  prepareStack,
  type ReadReviews,
  type ReviewedStack,
  readAllEnforcedRules,
  readDirectories,
} from "./sources/account-reviews";
import { readDeclaredStack } from "./sources/declared-stack";

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
  return progress.step("Reading rules and directories", (note) =>
    reviewOpenStacks(stacks, options.declared, note),
  );
}

/** Reads rules and directories of stacks that are open. */
export async function reviewOpenStacks(
  stacks: readonly Stack[],
  declared: boolean,
  onProgress?: (text: string) => void,
): Promise<StackReview> {
  const prepared = await Promise.all(stacks.map(prepareStack));
  const madeAt = new Date().toISOString();
  const about = { madeAt, stacks: prepared.map(({ name }) => name) };
  const [enforced, directories] = await Promise.all([
    readAllEnforcedRules(prepared),
    openDirectories(prepared),
  ]);
  if (!declared) {
    const reviews = createReviews(enforced, await readDirectories(directories, enforced, { onProgress }));
    return { ...reviews, ...about, rules: "enforced" };
  }
  const each = await Promise.all(
    stacks.map((stack, index) => {
      const { settings, accountId } = prepared[index] as ReviewedStack;
      const account = enforced.find((one) => one.accountId === accountId);
      return readDeclaredStack(stack, settings, directories, account?.providers ?? new Map());
    }),
  );
  const read = await readDirectories(directories, [...enforced, ...each.map(({ rules }) => rules)], {
    memberIds: each.flatMap(({ memberIds }) => memberIds),
    onProgress,
  });
  const reviews = each.flatMap(
    ({ rules, extendDirectory }) => createReviews([rules], read.map(extendDirectory)).reviews,
  );
  return { reviews, population: createPopulation(read), ...about, rules: "declared" };
}
