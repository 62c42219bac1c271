import { UserError } from "../errors";
import { type DriftReport, reportOf, type StackDrift } from "./report";
import { rotationsOf } from "./words";

/** One of several parts of a fleet. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

/**
 * The part of a list that one of several machines looks at. Stacks of one account stay together, so that what none of
 * them owns is known, and no account has more than its share of requests. Every machine divides the same list alike.
 */
export function shardOf<T>(all: readonly T[], accountOf: (one: T) => string, { index, of }: Shard): T[] {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(accountOf(one), [...(groups.get(accountOf(one)) ?? []), one]);
  const shards = Array.from({ length: of }, (): T[] => []);
  const sorted = [...groups].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  for (const [, group] of sorted)
    shards.reduce((least, one) => (one.length < least.length ? one : least)).push(...group);
  const own = new Set(shards[index - 1]);
  return all.filter((one) => own.has(one));
}

/** The stacks whose client secret is due and that are as declared else: an `up` of them rotates and does nothing more. */
export function dueIn({ stacks }: DriftReport): string[] {
  const due = stacks.filter(
    (drift) => drift.result === "as declared" && rotationsOf(drift).some(({ rotation }) => rotation.due),
  );
  return due.map(({ stack }) => stack);
}

/**
 * One report of several. A shard that nobody has a report of is missing, and not as declared.
 *
 * @param shards how many there were; default: as many as the reports say
 * @throws UserError where they do not fit together
 */
export function mergeReports(reports: readonly DriftReport[], shards?: number): DriftReport {
  const stacks = reports.flatMap((report) => report.stacks);
  const twice = stacks.find(({ stack }, i) => stacks.some((other, j) => j < i && other.stack === stack));
  if (twice) throw new UserError(`stack ${twice.stack} is in more than one of the reports`);
  const parts = reports.flatMap(({ shard }) => shard ?? []);
  const divisions = [...parts.map((part) => part.split("/")[1]), ...(shards ? [String(shards)] : [])];
  const [of, another] = [...new Set(divisions)];
  if (another) {
    const given = shards ? `, of ${shards} shards` : "";
    throw new UserError(`the reports are of different divisions: ${parts.join(", ")}${given}`);
  }
  const wanted = Array.from({ length: Number(of ?? 0) }, (_, i) => `${i + 1}/${of}`);
  const missing = wanted.filter((part) => !parts.includes(part)).map((part) => missingShard(part));
  // Reports that are no shards may have looked at the same account; what one of them found counts.
  const accounts = new Map(reports.flatMap((report) => report.accounts).map((one) => [one.accountId, one]));
  for (const one of reports.flatMap((report) => report.accounts))
    if (one.result === "drift") accounts.set(one.accountId, one);
  const checkedAt = reports.map((report) => report.checkedAt).sort()[0] ?? new Date().toISOString();
  return reportOf([...stacks, ...missing], [...accounts.values()], { checkedAt });
}

function missingShard(part: string): StackDrift {
  const cause = "there is no report of this shard: whoever was to look at it did not come to the end";
  return { stack: `shard ${part}`, result: "could not tell", cause, differences: [], unowned: [], gaps: [] };
}
