import { pc } from "../progress";
import { type Change, describeChanges } from "../stacks/plan";
import type { BroughtUp } from "./bring-up";
import type { Credential, Finding, Superfluous } from "./credentials";
import type { DeployedRotation } from "./known";

/** What an `up` did, as JSON: docs/operations.md. Fields are only added under this schema; no secret is in it. */
export interface UpReport {
  readonly schema: "entra-access/up/1";
  readonly stack: string;
  /** `look`: as declared, and a person has to look at something. */
  readonly result: "as declared" | "look";
  readonly changes: readonly Change[];
  readonly warnings: readonly string[];
  /** What Cloudflare signs in with now; null where the stack has not got that far. */
  readonly clientSecret: DeployedRotation | null;
  /** Client secrets that are gone from Entra now. */
  readonly removed: readonly (Pick<Credential, "keyId"> & {
    readonly number: number;
    readonly reason: Superfluous["reason"];
  })[];
  readonly look: readonly (Partial<Pick<Finding, "kind" | "keyId">> & Pick<Finding, "text">)[];
  /** What a rotation wrote into the stack's settings. */
  readonly settings?: Readonly<Record<string, number>>;
}

export function reportOf(
  stack: string,
  { run, deployed, removed, findings, doubts }: BroughtUp,
  settings?: Readonly<Record<string, number>>,
): UpReport {
  const look = [...findings, ...doubts.map((text) => ({ text }))];
  return {
    schema: "entra-access/up/1",
    stack,
    result: look.length > 0 ? "look" : "as declared",
    changes: run.changes,
    warnings: run.warnings.map((warning) => warning.trim()),
    clientSecret: deployed ?? null,
    removed: removed.map(({ rotation, keyId, reason }) => ({ number: Number(rotation), keyId, reason })),
    look,
    ...(settings && { settings }),
  };
}

/** In lines for a terminal. */
export function describeUp({ changes, warnings, clientSecret, removed, look }: UpReport): string[] {
  return [
    ...describeChanges(changes).map((line) => `  ${line}`),
    ...warnings.map((warning) => `  ${pc.yellow("warning")} ${warning}`),
    ...removed.map(
      ({ number, keyId, reason }) =>
        `  ${pc.red("- removed")} client secret number ${number} (${keyId}): ${reason}`,
    ),
    ...look.map(({ text }) => `  ${pc.yellow("look")} ${text}`),
    ...(clientSecret
      ? [
          `Cloudflare signs in with client secret number ${clientSecret.number} (${clientSecret.keyId}), ` +
            `valid until ${clientSecret.expiresAt}; the next one is due ${clientSecret.dueAt}.`,
        ]
      : []),
  ];
}

/** Of `up` and `rotate`. */
export const EXIT_CODES = { "as declared": 0, look: 2 } as const;
