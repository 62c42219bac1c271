import { UserError } from "../errors";
import { listRotations } from "./format";
import { createDriftReport, createUnknownDrift, type DriftReport, type StackDrift } from "./report";

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

/**
 * Selects the part of a list that one of several machines checks. Stacks of one account stay together: unmanaged
 * objects of an account are only known from all of its stacks, and its rate limit is shared. Every machine divides the
 * same list in the same way.
 */
export function selectShard<T>(
  all: readonly T[],
  getAccount: (item: T) => string,
  { index, of }: Shard,
): T[] {
  const groups = new Map<string, T[]>();
  for (const item of all) groups.set(getAccount(item), [...(groups.get(getAccount(item)) ?? []), item]);
  const shards = Array.from({ length: of }, (): T[] => []);
  const sorted = [...groups].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  for (const [, group] of sorted)
    shards.reduce((least, one) => (one.length < least.length ? one : least)).push(...group);
  const own = new Set(shards[index - 1]);
  return all.filter((item) => own.has(item));
}

/** The stacks whose client secrets need attention; both lists have names of stacks. */
export interface RotationDemand {
  /** A client secret is due, whatever else is wrong with the stack. */
  readonly due: readonly string[];
  /** The end of a client secret could not be read, with the cause. */
  readonly unknown: readonly { readonly stack: string; readonly cause: string }[];
}

/** Lists the stacks whose client secret is due or unknown, in the order of the report. */
export function listStacksDueForRotation({ stacks }: DriftReport): RotationDemand {
  const due = stacks.filter((drift) => listRotations(drift).some(({ rotation }) => rotation.due));
  const unknown = stacks.filter((drift) => !due.includes(drift) && hasUnknownRotation(drift));
  return {
    due: due.map(({ stack }) => stack),
    unknown: unknown.map(({ stack, cause = "its state has no client secret" }) => ({ stack, cause })),
  };
}

function hasUnknownRotation({ rotation, identityProviders = {} }: StackDrift): boolean {
  return !rotation || Object.values(identityProviders).some((tenant) => !tenant.rotation);
}

/**
 * Merges reports into one, in which a shard without a report is unknown.
 *
 * @param shards number of shards; default: as in the reports
 * @throws UserError if the reports contradict each other
 */
export function mergeDriftReports(reports: readonly DriftReport[], shards?: number): DriftReport {
  const stacks = reports.flatMap((report) => report.stacks);
  const twice = stacks.find(({ stack }, i) => stacks.some((other, j) => j < i && other.stack === stack));
  if (twice) throw new UserError(`stack ${twice.stack} must be in only one of the reports`);
  const parts = reports.flatMap(({ shard }) => shard ?? []);
  const divisions = [...parts.map((part) => part.split("/")[1]), ...(shards ? [String(shards)] : [])];
  const [of, another] = [...new Set(divisions)];
  if (another) {
    const given = shards ? ` and --shards ${shards}` : "";
    throw new UserError(`the reports must have the same number of shards; found ${parts.join(", ")}${given}`);
  }
  const expected = Array.from({ length: Number(of ?? 0) }, (_, i) => `${i + 1}/${of}`);
  const missing = expected.filter((part) => !parts.includes(part));
  // Reports that are no shards may contain the same account; drift in either of them counts.
  const accounts = new Map(reports.flatMap((report) => report.accounts).map((one) => [one.accountId, one]));
  for (const account of reports.flatMap((report) => report.accounts))
    if (account.result === "drift") accounts.set(account.accountId, account);
  const checkedAt = reports.map((report) => report.checkedAt).sort()[0] ?? new Date().toISOString();
  const cause = "there is no report of this shard: its check did not finish";
  const unknown = missing.map((part) => createUnknownDrift({ stack: `shard ${part}`, cause }));
  return createDriftReport([...stacks, ...unknown], [...accounts.values()], { checkedAt });
}
