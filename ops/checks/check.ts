import { findHint } from "../errors";
import type { Reading } from "./reading";

/** One thing that `verify` or `doctor` looks at, an entry of their tables; `R` is what it looks through. Changes nothing. */
export interface Check<R = Reading> {
  /** Stays the same across releases: scripts go by it. */
  readonly id: string;
  readonly subject: string;
  /** The call, and what of its answer counts. */
  readonly looksAt: string;
  /** What people meet at sign-in while it fails; nothing where sign-in goes on. */
  readonly peopleSee?: string;
  /** What to do when it fails. */
  readonly advice: string;
  /** Throws where it cannot tell. */
  look(reading: R): Promise<Seen>;
}

/** What a check saw. */
export interface Seen {
  readonly found: string;
  readonly wanted: string;
  /** Default: whether `found` is `wanted`. `"open"` where only a person can settle it. */
  readonly holds?: boolean | "open";
  /** Instead of the check's own, where it depends on what was found. */
  readonly peopleSee?: string | undefined;
  readonly advice?: string | undefined;
  /** What `found` says, for programs. */
  readonly details?: Readonly<Record<string, string | number>>;
}

/**
 * `failed`: something else than wanted was found. `unknown`: it could not be looked at. `open`: nothing is wrong, and
 * only a person can prove it.
 */
export type Status = "passed" | "failed" | "unknown" | "open";

/** What came of a check; documented in docs/operations.md, as part of the JSON report. */
export interface Finding {
  readonly id: string;
  readonly subject: string;
  readonly status: Status;
  readonly looksAt: string;
  /** Empty where it could not be looked at. */
  readonly found: string;
  readonly wanted: string;
  /** Why it could not be looked at. */
  readonly cause?: string;
  /** What `found` says, for programs: dates, days left. */
  readonly details?: Readonly<Record<string, string | number>>;
  readonly peopleSee?: string;
  readonly advice?: string;
}

/** Nothing is there to look at, and the check of that thing says so. */
export class NothingThere extends Error {}

export type Result = "as declared" | "failed" | "could not tell";

/** What was found wrong is known, whatever else could not be looked at. */
export function resultOf(findings: readonly Finding[]): Result {
  if (findings.some(({ status }) => status === "failed")) return "failed";
  return findings.some(({ status }) => status === "unknown") ? "could not tell" : "as declared";
}

/** The exit code: 0 as declared, 2 something failed, 1 it could not be told. */
export const EXIT_CODES: Readonly<Record<Result, number>> = {
  "as declared": 0,
  failed: 2,
  "could not tell": 1,
};

export async function carryOut<R>(check: Check<R>, reading: R): Promise<Finding> {
  const { id, subject, looksAt } = check;
  try {
    const { found, wanted, holds = found === wanted, details, ...seen } = await check.look(reading);
    const status = holds === "open" ? "open" : holds ? "passed" : "failed";
    const common = { id, subject, status, looksAt, found, wanted, ...(details ? { details } : {}) } as const;
    if (status === "passed") return common;
    const { peopleSee = check.peopleSee, advice = check.advice } = seen;
    return { ...common, ...(peopleSee && status === "failed" ? { peopleSee } : {}), advice };
  } catch (error) {
    const cause = causeOf(error as Error);
    const advice = error instanceof NothingThere ? undefined : findHint(cause)?.advice;
    const common = { id, subject, status: "unknown", looksAt, found: "", wanted: "", cause } as const;
    return { ...common, ...(advice ? { advice } : {}) };
  }
}

/** The service's own words: Microsoft's client has the code beside the message, Cloudflare's has the whole answer. */
export function causeOf(
  error: Error & { code?: unknown; errors?: { code?: number; message?: string }[] },
): string {
  const [first] = error.errors ?? [];
  if (first) return `Cloudflare ${first.code}: ${first.message}`;
  return typeof error.code === "string" ? `${error.code}: ${error.message}` : error.message;
}
