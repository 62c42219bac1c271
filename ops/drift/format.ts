import { OWN_IDENTITY_PROVIDER } from "../../config/access/rules";
import { describePeopleChange } from "../preview/people";
import { prefixTenant } from "../tenants";
import type {
  AccountDrift,
  AuditEntry,
  Difference,
  DriftReport,
  DriftResult,
  RotationState,
  StackDrift,
  UncheckedPart,
  UnmanagedObject,
} from "./report";

/** The columns of the table of stacks, in a terminal, in Markdown and in HTML. */
export const DRIFT_COLUMNS = ["stack", "result", "drift", "rotation", "secret ends"] as const;

/** Formats a stack's row of the table, with the earliest dates of all tenants. */
export function formatDriftRow(drift: StackDrift): string[] {
  const { stack, result, differences, unmanaged, cause } = drift;
  const rotations = listRotations(drift).map(({ rotation }) => rotation);
  const [next] = rotations.map(({ dueAt }) => dueAt).sort();
  const [expires] = rotations.map(({ expiresAt }) => expiresAt).sort();
  return [
    stack,
    result,
    cause === undefined ? String(differences.length + unmanaged.length) : "?",
    rotations.some(({ due }) => due) ? "due" : next ? `next ${formatDay(next)}` : "",
    expires ? formatDay(expires) : "",
  ];
}

/** Lists the client secrets in use, one per tenant. */
export function listRotations({
  rotation,
  identityProviders = {},
}: StackDrift): { signIn: string; rotation: RotationState }[] {
  const all = Object.entries({ [OWN_IDENTITY_PROVIDER]: { rotation }, ...identityProviders });
  return all.flatMap(([signIn, { rotation }]) => (rotation ? [{ signIn, rotation }] : []));
}

/** Formats the details of one stack or account, one line each. */
export function formatDriftLines(drift: StackDrift | AccountDrift): string[] {
  const { cause, advice, differences = [], people } = drift as Partial<StackDrift>;
  return [
    ...(cause === undefined ? [] : [cause, ...(advice ? [`advice: ${advice}`] : [])]),
    ...(people ? describePeopleChange(people).map((line) => `people: ${line}`) : []),
    ...differences.map(formatDifference),
    ...drift.unmanaged.map(formatUnmanaged),
    ...drift.unchecked.map(formatUnchecked),
  ];
}

/** Lists the stacks and accounts that have details. */
export function listDriftDetails({ stacks, accounts }: DriftReport): { title: string; lines: string[] }[] {
  return [
    ...stacks.map((drift) => ({ title: drift.stack, lines: formatDriftLines(drift) })),
    ...accounts.map((drift) => ({ title: `account ${drift.accountId}`, lines: formatDriftLines(drift) })),
  ].filter(({ lines }) => lines.length > 0);
}

export function summarizeDrift({ stacks }: DriftReport): string {
  const count = (result: DriftResult) => stacks.filter((drift) => drift.result === result).length;
  return (
    `${count("in sync")} of ${stacks.length} stacks in sync, ${count("drift")} drifted, ` +
    `${count("unknown")} could not be checked`
  );
}

const KINDS: Record<Difference["kind"], string> = {
  changed: "",
  deleted: "deleted",
  "not deployed": "not deployed yet",
};

function formatDifference({ resource, property, kind, expected, actual, changedBy }: Difference): string {
  const values =
    property === undefined ? "" : `expected ${expected ?? "nothing"}, actual ${actual ?? "nothing"}`;
  const description = [values, KINDS[kind]].filter(Boolean).join("; ");
  return `${[resource, property].filter(Boolean).join(" ")}: ${description}${formatChangedBy(changedBy)}`;
}

function formatUnmanaged({
  kind,
  id,
  name,
  identityProvider = OWN_IDENTITY_PROVIDER,
  changedBy,
}: UnmanagedObject): string {
  const line = `${kind} ${JSON.stringify(name)} (${id}): unmanaged${formatChangedBy(changedBy)}`;
  return prefixTenant(identityProvider, line);
}

function formatUnchecked({ subject, cause, permission }: UncheckedPart): string {
  return `not checked: ${subject}: ${cause}${permission ? `; requires the permission ${permission}` : ""}`;
}

function formatChangedBy(entries: readonly AuditEntry[] | undefined): string {
  const [newest] = entries ?? [];
  const first = entries?.at(-1);
  if (!newest || !first) return "";
  return `; since ${first.at}, last by ${newest.by}: ${newest.activity}`;
}

export const formatDay = (time: string) => time.slice(0, 10);
