import { describeCloudError } from "../clients/errors";
import { findHint } from "../errors";
import type { PeopleResult } from "../preview/people";
import { StackError } from "../stacks/run/run";
import type { StackTarget } from "../stacks/settings/project-setting";

export interface DriftReport {
  readonly schema: "entra-access/drift/1";
  readonly result: DriftResult;
  /** RFC 3339. */
  readonly checkedAt: string;
  /** The checked part of the fleet, `"1/4"`; absent if the whole fleet was checked. */
  readonly shard?: string;
  readonly stacks: readonly StackDrift[];
  readonly accounts: readonly AccountDrift[];
}

/** `drift` outweighs `unknown`. */
export type DriftResult = "in sync" | "drift" | "unknown";

export interface StackDrift extends StackTarget {
  readonly stack: string;
  readonly result: DriftResult;
  /** The reason for the result `unknown`, in the words of the service. */
  readonly cause?: string;
  readonly advice?: string;
  readonly differences: readonly Difference[];
  /** Objects that belong to the stack's application but are unmanaged. */
  readonly unmanaged: readonly UnmanagedObject[];
  /** The client secret in use at the stack's own tenant; absent if the state does not contain it. */
  readonly rotation?: RotationState;
  /** Further tenants, by the names of their identity providers; absent if there are none. */
  readonly identityProviders?: Readonly<Record<string, { readonly rotation?: RotationState }>>;
  readonly unchecked: readonly UncheckedPart[];
  /** The people who gained and lost access by the drift; present with `--people` where something drifted. */
  readonly people?: PeopleResult;
  readonly topology?: Topology;
}

/** One property whose expected and actual values differ; secrets are `"[secret]"`. */
export interface Difference {
  readonly resource: string;
  readonly type: string;
  /** `changed`, `deleted`: drift in the cloud. `not deployed`: the settings changed after the last `up`. */
  readonly kind: "changed" | "deleted" | "not deployed";
  /** In Pulumi's notation, `web.redirectUris[0]`; absent if the whole resource differs. */
  readonly property?: string;
  /** The values as JSON; absent if there is none. */
  readonly expected?: string;
  readonly actual?: string;
  /** Newest first; absent if no audit log has an entry. */
  readonly changedBy?: readonly AuditEntry[];
}

/** An entry of the directory's or the Cloudflare account's audit log. */
export interface AuditEntry {
  /** RFC 3339. */
  readonly at: string;
  /** User principal name or email address of a person, or name and id of an application or API token. */
  readonly by: string;
  /** In the words of the service: `Update application`. */
  readonly activity: string;
}

/** An object that exists in a cloud and in the state of no stack. */
export interface UnmanagedObject {
  readonly kind:
    | "client secret"
    | "certificate"
    | "consent"
    | "application permission"
    | "assignment for provisioning"
    | "identity provider"
    | "access group"
    | "access policy"
    | "access application"
    | "tunnel route"
    | "hostname route"
    | "network policy";
  readonly id: string;
  readonly name: string;
  /** Name of a further tenant's identity provider; absent for the stack's own tenant and for objects of an account. */
  readonly identityProvider?: string;
  readonly changedBy?: readonly AuditEntry[];
}

/** The client secret in use at one tenant. Dates are RFC 3339. */
export interface RotationState {
  readonly number: number;
  readonly keyId: string;
  readonly dueAt: string;
  readonly expiresAt: string;
  /** True if the next `up` rotates the client secret, which is no drift. */
  readonly due: boolean;
}

export function addChangedBy<T>(object: T, changedBy: readonly AuditEntry[] = []): T {
  return changedBy.length > 0 ? { ...object, changedBy } : object;
}

/** A part that was not checked. If no missing permission explains it, the result is `unknown`. */
export interface UncheckedPart {
  readonly subject: string;
  readonly cause: string;
  readonly permission?: string;
}

/** Explains an error; the permission is missing only if the service answers 403. */
export function createUncheckedPart(subject: string, error: unknown, permission: string): UncheckedPart {
  const { statusCode, status } = error as Record<"statusCode" | "status", unknown>;
  const isForbidden = (statusCode ?? status) === 403;
  return { subject, cause: describeCloudError(error as Error), ...(isForbidden ? { permission } : {}) };
}

/** Names of the objects that belong together, for a diagram. */
export interface Topology {
  readonly application: string;
  readonly identityProvider: string;
  readonly groups: readonly string[];
  readonly policies: readonly string[];
  readonly applications: readonly string[];
}

/** The unmanaged objects of a Cloudflare account. */
export interface AccountDrift {
  readonly accountId: string;
  readonly result: DriftResult;
  readonly unmanaged: readonly UnmanagedObject[];
  readonly unchecked: readonly UncheckedPart[];
}

export const DRIFT_EXIT_CODES = { "in sync": 0, drift: 2, unknown: 1 } as const;

/** Determines the result; drift outweighs whatever could not be checked. */
export function determineDriftResult({
  differences = [],
  unmanaged,
  unchecked,
}: Pick<AccountDrift, "unmanaged" | "unchecked"> & Partial<Pick<StackDrift, "differences">>): DriftResult {
  if (differences.length + unmanaged.length > 0) return "drift";
  return unchecked.some(({ permission }) => permission === undefined) ? "unknown" : "in sync";
}

export function createUnknownDrift(
  stack: Omit<StackDrift, "result" | "differences" | "unmanaged" | "unchecked">,
): StackDrift {
  return { ...stack, result: "unknown", differences: [], unmanaged: [], unchecked: [] };
}

/** Explains why a stack could not be checked, with the advice for the error code if there is one. */
export function explainError(error: Error): { cause: string; advice?: string } {
  const cause = error instanceof StackError ? (error.causes[0] ?? error.message) : error.message;
  const advice = findHint(cause)?.advice;
  return { cause, ...(advice ? { advice } : {}) };
}

export function createDriftReport(
  stacks: readonly StackDrift[],
  accounts: readonly AccountDrift[],
  { checkedAt, shard }: { readonly checkedAt: string; readonly shard?: string | undefined },
): DriftReport {
  const results = [...stacks, ...accounts].map(({ result }) => result);
  const result = (["drift", "unknown"] as const).find((one) => results.includes(one));
  return {
    schema: "entra-access/drift/1",
    result: result ?? "in sync",
    checkedAt,
    ...(shard === undefined ? {} : { shard }),
    stacks: [...stacks].sort((a, b) => compare(a.stack, b.stack)),
    accounts: [...accounts].sort((a, b) => compare(a.accountId, b.accountId)),
  };
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
