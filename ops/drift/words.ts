import { OWN_TENANT, prefixTenant } from "../tenants";
import type { AccountDrift, Difference, DriftReport, Gap, StackDrift, Trace, Unowned } from "./report";

/** One row for each stack, the same in a terminal, in Markdown and on the page. */
export const COLUMNS = ["stack", "result", "drift", "rotation", "secret ends"] as const;

export function rowOf(drift: StackDrift): string[] {
  const { stack, result, differences, unowned, cause } = drift;
  const rotations = rotationsOf(drift).map(({ rotation }) => rotation);
  const [next] = rotations.map(({ dueAt }) => dueAt).sort();
  const [ends] = rotations.map(({ expiresAt }) => expiresAt).sort();
  return [
    stack,
    result,
    cause === undefined ? String(differences.length + unowned.length) : "?",
    rotations.some(({ due }) => due) ? "due" : next ? `next ${dayOf(next)}` : "",
    ends ? dayOf(ends) : "",
  ];
}

/** The client secrets of a stack that are in use; the columns have the first to be due and the first to end. */
export function rotationsOf({ rotation, identityProviders = {} }: StackDrift) {
  const all = Object.entries({ [OWN_TENANT]: { rotation }, ...identityProviders });
  return all.flatMap(([tenant, found]) => (found.rotation ? [{ tenant, rotation: found.rotation }] : []));
}

/** What is to be said of one stack or account below the table, one line each. */
export function linesOf(found: StackDrift | AccountDrift): string[] {
  const { cause, advice, differences = [] } = found as Partial<StackDrift>;
  return [
    ...(cause === undefined ? [] : [cause, ...(advice ? [`do: ${advice}`] : [])]),
    ...differences.map(lineOfDifference),
    ...found.unowned.map(lineOfUnowned),
    ...found.gaps.map(lineOfGap),
  ];
}

/** Those of which there is more to say than a row. */
export function toldOf({
  stacks,
  accounts,
}: DriftReport): { title: string; result: string; lines: string[] }[] {
  const all = [
    ...stacks.map((one) => ({ title: one.stack, one })),
    ...accounts.map((one) => ({ title: `account ${one.accountId}`, one })),
  ];
  const told = all.map(({ title, one }) => ({ title, result: one.result, lines: linesOf(one) }));
  return told.filter(({ lines }) => lines.length > 0);
}

export function summaryOf({ result, stacks }: DriftReport): string {
  const count = (wanted: string) => stacks.filter((one) => one.result === wanted).length;
  return (
    `${result}: ${count("as declared")} of ${stacks.length} stacks as declared, ${count("drift")} drifted, ` +
    `${count("could not tell")} could not be told`
  );
}

const KINDS: Record<Difference["kind"], string> = {
  changed: "",
  gone: "gone",
  settings: "not brought up yet",
};

function lineOfDifference({ resource, property, kind, declared, found, changedBy }: Difference): string {
  const values =
    property === undefined ? "" : `declared ${declared ?? "nothing"}, found ${found ?? "nothing"}`;
  const what = [values, KINDS[kind]].filter(Boolean).join("; ");
  return `${[resource, property].filter(Boolean).join(" ")}: ${what}${tracesOf(changedBy)}`;
}

function lineOfUnowned({ kind, id, name, identityProvider = OWN_TENANT, changedBy }: Unowned): string {
  return prefixTenant(
    identityProvider,
    `${kind} ${JSON.stringify(name)} (${id}): in no state${tracesOf(changedBy)}`,
  );
}

function lineOfGap({ what, cause, right }: Gap): string {
  return `not looked at: ${what}: ${cause}${right ? `; it takes ${right}` : ""}`;
}

function tracesOf(traces: readonly Trace[] | undefined): string {
  const [newest] = traces ?? [];
  const first = traces?.at(-1);
  if (!newest || !first) return "";
  return `; since ${first.at}, last by ${newest.by}: ${newest.activity}`;
}

export const dayOf = (time: string) => time.slice(0, 10);
