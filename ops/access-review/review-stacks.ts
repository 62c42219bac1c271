import { UserError } from "../errors";
import { listStacks, selectStacks } from "../fleet/stack-list";
import { PROJECT_FOLDER, Stack } from "../stacks";
import type { Progress } from "../terminal/progress";
import { ensureEngine } from "../tools/engine";
import { createPopulation } from "./decision/channel";
import type { ReviewedApplication } from "./find";
import type { AccessReport } from "./report/report";
import {
  createReviews,
  type OpenDirectory,
  openDirectories,
  prepareStack,
  type ReadReviews,
  type ReviewedStack,
  readAllEnforcedRules,
  readDirectories,
} from "./sources/account-reviews";
import { readDeclaredStack } from "./sources/declared-stack";
import { listEntraGroupIds } from "./sources/enforced-rules";
import { type FindSince, listGroupsWithin, readMemberships } from "./sources/memberships";

export interface ReviewOptions {
  /** Names; none is the selected stack. */
  readonly stacks: readonly string[] | "all";
  readonly declared: boolean;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly projectFolder?: string;
}

export type StackReview = ReadReviews &
  Pick<AccessReport, "madeAt" | "rules" | "stacks"> & { readonly directories: readonly OpenDirectory[] };

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
    return { ...reviews, ...about, directories, rules: "enforced" };
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
  return { reviews, population: createPopulation(read), ...about, directories, rules: "declared" };
}

/**
 * Reads since when the groups that one application depends on have their members, by tenant.
 *
 * @returns also the directories whose audit log the sign-in may not read, with the permission
 */
export async function readApplicationMemberships(
  { directories, population, madeAt }: StackReview,
  { account, application }: ReviewedApplication,
  onProgress?: (text: string) => void,
): Promise<{ memberships: ReadonlyMap<string, FindSince>; unchecked: readonly string[] }> {
  const { rules } = account.context;
  const memberships = new Map<string, FindSince>();
  const unchecked: string[] = [];
  for (const { tenantId, graph } of directories) {
    const directory = population.directories.find((one) => one.directory.tenantId === tenantId)?.directory;
    const providers = [...rules.providers.values()].filter((provider) => provider.tenantId === tenantId);
    const ids = listEntraGroupIds(
      { ...rules, applications: [application] },
      new Set(providers.map(({ id }) => id)),
    );
    if (!directory || ids.length === 0) continue;
    const groupIds = listGroupsWithin(directory, ids);
    try {
      const options = { tenantId, groupIds, now: madeAt, onProgress };
      memberships.set(tenantId, await readMemberships(graph, options));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      unchecked.push(error.message);
    }
  }
  return { memberships, unchecked };
}
