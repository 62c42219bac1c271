import { type Change, describeChanges } from "../stacks/plan";
import { OWN, saidOf } from "../tenants";
import { pc } from "../terminal/progress";
import type { BroughtUp, TenantUp } from "./bring-up";
import type { Credential, Finding, Superfluous } from "./credentials";
import type { DeployedRotation } from "./known";

/** What an `up` did at one tenant. */
interface TenantReport {
  /** What Cloudflare signs in with now; null where the stack has not got that far. */
  readonly clientSecret: DeployedRotation | null;
  /** Client secrets that are gone from Entra now. */
  readonly removed: readonly (Pick<Credential, "keyId"> & {
    readonly number: number;
    readonly reason: Superfluous["reason"];
  })[];
  readonly look: readonly (Partial<Pick<Finding, "kind" | "keyId">> & Pick<Finding, "text">)[];
}

/** What an `up` did, as JSON: docs/operations.md. Fields are only added under this schema; no secret is in it. */
export interface UpReport extends TenantReport {
  readonly schema: "entra-access/up/1";
  readonly stack: string;
  /** `look`: as declared, and a person has to look at something. */
  readonly result: "as declared" | "look";
  readonly changes: readonly Change[];
  readonly warnings: readonly string[];
  /** Of further tenants, by the names of their identity providers; absent where there are none. */
  readonly identityProviders?: Readonly<Record<string, TenantReport>>;
  /** What a rotation wrote into the stack's settings. */
  readonly settings?: Readonly<Record<string, number>>;
}

export function reportOf(
  stack: string,
  { run, further, ...own }: BroughtUp,
  settings?: Readonly<Record<string, number>>,
): UpReport {
  const others = Object.entries(further).map(([name, found]) => [name, tenantReport(found)] as const);
  const tenants = [tenantReport(own), ...others.map(([, report]) => report)];
  return {
    schema: "entra-access/up/1",
    stack,
    result: tenants.some(({ look }) => look.length > 0) ? "look" : "as declared",
    changes: run.changes,
    warnings: run.warnings.map((warning) => warning.trim()),
    ...tenantReport(own),
    ...(others.length > 0 && { identityProviders: Object.fromEntries(others) }),
    ...(settings && { settings }),
  };
}

function tenantReport({ deployed, removed, findings, doubts }: TenantUp): TenantReport {
  return {
    clientSecret: deployed ?? null,
    removed: removed.map(({ rotation, keyId, reason }) => ({ number: Number(rotation), keyId, reason })),
    look: [...findings, ...doubts.map((text) => ({ text }))],
  };
}

/** In lines for a terminal. */
export function describeUp({ changes, warnings, identityProviders, ...own }: UpReport): string[] {
  const tenants = Object.entries({ [OWN]: own, ...identityProviders });
  const each = (lines: (report: TenantReport, tenant: string) => string[]) =>
    tenants.flatMap(([tenant, report]) => lines(report, tenant));
  return [
    ...describeChanges(changes).map((line) => `  ${line}`),
    ...warnings.map((warning) => `  ${pc.yellow("warning")} ${warning}`),
    ...each(({ removed }, tenant) =>
      removed.map(
        ({ number, keyId, reason }) =>
          `  ${pc.red("- removed")} ${saidOf(tenant, `client secret number ${number} (${keyId}): ${reason}`)}`,
      ),
    ),
    ...each(({ look }, tenant) => look.map(({ text }) => `  ${pc.yellow("look")} ${saidOf(tenant, text)}`)),
    ...each(({ clientSecret }, tenant) =>
      clientSecret
        ? [
            saidOf(
              tenant,
              `Cloudflare signs in with client secret number ${clientSecret.number} (${clientSecret.keyId}), ` +
                `valid until ${clientSecret.expiresAt}; the next one is due ${clientSecret.dueAt}.`,
            ),
          ]
        : [],
    ),
  ];
}

/** Of `up` and `rotate`. */
export const EXIT_CODES = { "as declared": 0, look: 2 } as const;
