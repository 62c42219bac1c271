import { describeCloudError } from "../clients/errors";
import { findHint, UserError } from "../errors";

/** The advice where the next deployment mends what failed. */
export const RESTORE = "Run `npx entra-access up`: it restores the settings.";

/** One check of `verify` or `doctor`; `C` is the context that it reads from. A check changes nothing. */
export interface Check<C> {
  /** Stable across releases, so that scripts can refer to it. */
  readonly id: string;
  readonly subject: string;
  /** The API call and the part of its response that the check compares. */
  readonly source: string;
  /** The error that people get at sign-in while the check fails; absent if sign-in still works. */
  readonly symptom?: string;
  readonly advice: string;
  /** Throws if the check could not be carried out. */
  run(context: C): Promise<CheckOutcome>;
}

export interface CheckOutcome {
  readonly actual: string;
  readonly expected: string;
  /** Default: `actual === expected`. `"open"` if only a person can decide. */
  readonly passed?: boolean | "open";
  /** Replaces the symptom of the check if it depends on the actual value. */
  readonly symptom?: string | undefined;
  /** Replaces the advice of the check if it depends on the actual value. */
  readonly advice?: string | undefined;
  /** The parts of the actual value, for programs: dates, days left. */
  readonly details?: Readonly<Record<string, string | number>>;
}

/** `unknown`: the check could not be carried out. `open`: nothing is wrong, but only a person can prove it. */
export type CheckStatus = "passed" | "failed" | "unknown" | "open";

/** The result of one check, as in the JSON reports of `verify` and `doctor`. */
export interface CheckResult
  extends Pick<Check<never>, "id" | "subject" | "source" | "symptom">,
    Pick<CheckOutcome, "details"> {
  readonly status: CheckStatus;
  /** Empty if the status is `unknown`. */
  readonly actual: string;
  /** Empty if the status is `unknown`. */
  readonly expected: string;
  /** The reason for the status `unknown`. */
  readonly cause?: string;
  readonly advice?: string;
}

/** Thrown by a check whose object does not exist, which another check reports. */
export class MissingObjectError extends Error {}

export type Verdict = "in sync" | "failed" | "unknown";

/** Combines the results of all checks; a failure outweighs what could not be checked. */
export function judgeChecks(results: readonly CheckResult[]): Verdict {
  if (results.some(({ status }) => status === "failed")) return "failed";
  return results.some(({ status }) => status === "unknown") ? "unknown" : "in sync";
}

export const VERDICT_EXIT_CODES: Readonly<Record<Verdict, number>> = { "in sync": 0, failed: 2, unknown: 1 };

export async function runCheck<C>(check: Check<C>, context: C): Promise<CheckResult> {
  const { id, subject, source } = check;
  try {
    const outcome = await check.run(context);
    const { actual, expected, passed = actual === expected, details } = outcome;
    const status = passed === "open" ? "open" : passed ? "passed" : "failed";
    const common = {
      id,
      subject,
      status,
      source,
      actual,
      expected,
      ...(details ? { details } : {}),
    } as const;
    if (status === "passed") return common;
    const { symptom = check.symptom, advice = check.advice } = outcome;
    return { ...common, ...(symptom && status === "failed" ? { symptom } : {}), advice };
  } catch (error) {
    const cause = describeCloudError(error as Error);
    const next = error instanceof UserError && error.next.length > 0 ? error.next.join(" ") : undefined;
    const advice = error instanceof MissingObjectError ? undefined : (findHint(cause)?.advice ?? next);
    const common = { id, subject, status: "unknown", source, actual: "", expected: "", cause } as const;
    return { ...common, ...(advice ? { advice } : {}) };
  }
}
