import { causeOf } from "../checks/check";

/** What `drift --json` prints; docs/operations.md has every field. */
export interface DriftReport {
  readonly schema: "entra-access/drift/1";
  readonly result: Result;
  /** RFC 3339. */
  readonly checkedAt: string;
  /** Which part of the fleet this is, `"1/4"`; absent for all of it. */
  readonly shard?: string;
  readonly stacks: readonly StackDrift[];
  readonly accounts: readonly AccountDrift[];
}

/** `drift`: something was found, whatever could not be told beside it. */
export type Result = "as declared" | "drift" | "could not tell";

export interface StackDrift {
  readonly stack: string;
  readonly result: Result;
  /** As its settings say; absent where they do not. */
  readonly tenantId?: string;
  readonly accountId?: string;
  readonly teamName?: string;
  /** Why it could not be told, in the service's own words. */
  readonly cause?: string;
  readonly advice?: string;
  readonly differences: readonly Difference[];
  /** What hangs on the stack's application and is in no state. */
  readonly unowned: readonly Unowned[];
  /** The client secret in use at the stack's own tenant; absent where the state does not say. */
  readonly rotation?: RotationState;
  /** Of further tenants, by the names of their identity providers; absent where there are none. */
  readonly identityProviders?: Readonly<Record<string, { readonly rotation?: RotationState }>>;
  readonly gaps: readonly Gap[];
  readonly topology?: Topology;
}

/** One property that is not as declared; secrets are `"[secret]"`. */
export interface Difference {
  /** Name of the resource in the program. */
  readonly resource: string;
  readonly type: string;
  /** `changed` and `gone`: in the cloud, behind the code. `settings`: the settings changed, and nobody ran `up` since. */
  readonly kind: "changed" | "gone" | "settings";
  /** As Pulumi writes it: `web.redirectUris[0]`; absent where it is the whole resource. */
  readonly property?: string;
  /** Values as JSON; absent where there is none. */
  readonly declared?: string;
  readonly found?: string;
  /** The newest first; absent where no log tells. */
  readonly changedBy?: readonly Trace[];
}

/** An entry of the audit log of the directory, or of the Cloudflare account. */
export interface Trace {
  /** RFC 3339. */
  readonly at: string;
  /** User principal name or mail address of a person, or name and id of an application or API token. */
  readonly by: string;
  /** In the service's words: `Update application`. */
  readonly activity: string;
}

export interface Unowned {
  readonly kind:
    | "client secret"
    | "certificate"
    | "consent"
    | "application permission"
    | "identity provider"
    | "access group"
    | "access policy"
    | "access application"
    | "tunnel route"
    | "hostname route"
    | "network policy";
  readonly id: string;
  readonly name: string;
  /** Name of the further tenant's identity provider; absent for the stack's own tenant, and for what is of an account. */
  readonly identityProvider?: string;
  readonly changedBy?: readonly Trace[];
}

/** Dates are RFC 3339. */
export interface RotationState {
  readonly number: number;
  readonly keyId: string;
  readonly dueAt: string;
  readonly expiresAt: string;
  /** Whether the next `up` makes another one: no drift. */
  readonly due: boolean;
}

/** Says of something since when and by whom it is as it is, where that is known. */
export function withTraces<T>(one: T, changedBy: readonly Trace[] = []): T {
  return changedBy.length > 0 ? { ...one, changedBy } : one;
}

/** What was not looked at, and the right that is missing for it; without one the result is `could not tell`. */
export interface Gap {
  readonly what: string;
  readonly cause: string;
  readonly right?: string;
}

/** Why something was not looked at: the right is missing where the service says that it forbids it. */
export function gapOf(what: string, error: unknown, right: string): Gap {
  const { statusCode, status } = error as Record<"statusCode" | "status", unknown>;
  return { what, cause: causeOf(error as Error), ...((statusCode ?? status) === 403 ? { right } : {}) };
}

/** What belongs together, for a picture of it. */
export interface Topology {
  readonly application: string;
  readonly identityProvider: string;
  readonly groups: readonly string[];
  readonly policies: readonly string[];
  readonly applications: readonly string[];
}

/** What a Cloudflare account holds that no stack of the project owns. */
export interface AccountDrift {
  readonly accountId: string;
  readonly result: Result;
  readonly unowned: readonly Unowned[];
  readonly gaps: readonly Gap[];
}

/** The exit code: 0 as declared, 2 drift, 1 it could not be told. */
export const EXIT_CODES = { "as declared": 0, drift: 2, "could not tell": 1 } as const;

/** What was found is known, whatever else could not be looked at. */
export function resultOf(found: {
  readonly cause?: string | undefined;
  readonly differences?: readonly unknown[];
  readonly unowned: readonly unknown[];
  readonly gaps: readonly Gap[];
}): Result {
  if ((found.differences ?? []).length + found.unowned.length > 0) return "drift";
  const blind = found.cause !== undefined || found.gaps.some(({ right }) => right === undefined);
  return blind ? "could not tell" : "as declared";
}

export function reportOf(
  stacks: readonly StackDrift[],
  accounts: readonly AccountDrift[],
  { checkedAt, shard }: { readonly checkedAt: string; readonly shard?: string | undefined },
): DriftReport {
  const results = [...stacks, ...accounts].map(({ result }) => result);
  const result = (["drift", "could not tell"] as const).find((one) => results.includes(one));
  return {
    schema: "entra-access/drift/1",
    result: result ?? "as declared",
    checkedAt,
    ...(shard === undefined ? {} : { shard }),
    stacks: [...stacks].sort((a, b) => compare(a.stack, b.stack)),
    accounts: [...accounts].sort((a, b) => compare(a.accountId, b.accountId)),
  };
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
