import { describeChanges, type ResourceChange } from "../stacks/changes";
import { OWN_TENANT, prefixTenant } from "../tenants";
import { pc } from "../terminal/progress";
import type { ClientSecret, ClientSecretIssue, ObsoleteClientSecret } from "./client-secrets";
import type { DeployResult, TenantDeployResult } from "./deploy";
import type { RotationOutput } from "./tenant-state";

/** What an `up` did at one tenant. */
interface TenantReport {
  /** What Cloudflare signs in with now; null where the stack has not got that far. */
  readonly clientSecret: RotationOutput | null;
  /** Client secrets that are gone from Entra now. */
  readonly removed: readonly (Pick<ClientSecret, "keyId"> & {
    readonly number: number;
    readonly reason: ObsoleteClientSecret["reason"];
  })[];
  readonly look: readonly (Partial<Pick<ClientSecretIssue, "kind" | "keyId">> &
    Pick<ClientSecretIssue, "text">)[];
}

/** What an `up` did, as JSON: docs/operations.md. Fields are only added under this schema; no secret is in it. */
export interface UpReport extends TenantReport {
  readonly schema: "entra-access/up/1";
  readonly stack: string;
  /** `look`: as declared, and a person has to look at something. */
  readonly result: "as declared" | "look";
  readonly changes: readonly ResourceChange[];
  readonly warnings: readonly string[];
  /** Of further tenants, by the names of their identity providers; absent where there are none. */
  readonly identityProviders?: Readonly<Record<string, TenantReport>>;
  /** What a rotation wrote into the stack's settings. */
  readonly settings?: Readonly<Record<string, number>>;
}

export function buildUpReport(
  stack: string,
  { run, further, ...own }: DeployResult,
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

function tenantReport({ deployed, removed, findings, doubts }: TenantDeployResult): TenantReport {
  return {
    clientSecret: deployed ?? null,
    removed: removed.map(({ rotation, keyId, reason }) => ({ number: Number(rotation), keyId, reason })),
    look: [...findings, ...doubts.map((text) => ({ text }))],
  };
}

/** In lines for a terminal. */
export function describeUpReport({ changes, warnings, identityProviders, ...own }: UpReport): string[] {
  const tenants = Object.entries({ [OWN_TENANT]: own, ...identityProviders });
  const each = (lines: (report: TenantReport, tenant: string) => string[]) =>
    tenants.flatMap(([tenant, report]) => lines(report, tenant));
  return [
    ...describeChanges(changes).map((line) => `  ${line}`),
    ...warnings.map((warning) => `  ${pc.yellow("warning")} ${warning}`),
    ...each(({ removed }, tenant) =>
      removed.map(
        ({ number, keyId, reason }) =>
          `  ${pc.red("- removed")} ${prefixTenant(tenant, `client secret number ${number} (${keyId}): ${reason}`)}`,
      ),
    ),
    ...each(({ look }, tenant) =>
      look.map(({ text }) => `  ${pc.yellow("look")} ${prefixTenant(tenant, text)}`),
    ),
    ...each(({ clientSecret }, tenant) =>
      clientSecret
        ? [
            prefixTenant(
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
export const UP_EXIT_CODES = { "as declared": 0, look: 2 } as const;
