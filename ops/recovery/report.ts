import { OWN_IDENTITY_PROVIDER } from "../../config/access/rules";
import { ACTION_NEEDED } from "../../config/run";
import { describeChanges, type ResourceChange } from "../stacks/run/changes";
import { prefixTenant } from "../tenants";
import { pc } from "../terminal/progress";
import type { ClientSecret, ClientSecretIssue, ObsoleteClientSecret } from "./client-secrets/client-secrets";
import type { DeployResult, TenantDeployResult } from "./deploy";
import type { RotationOutput } from "./tenant-state";

interface TenantUpReport {
  /** The client secret that Cloudflare signs in with now; null before the first complete update. */
  readonly clientSecret: RotationOutput | null;
  /** Client secrets that were removed from Entra. */
  readonly removed: readonly (Pick<ClientSecret, "keyId"> & {
    readonly number: number;
    readonly reason: ObsoleteClientSecret["reason"];
  })[];
  readonly actionNeeded: readonly (Partial<Pick<ClientSecretIssue, "kind" | "keyId">> &
    Pick<ClientSecretIssue, "text">)[];
}

/** The JSON report of `up` and `rotate`; every field is documented in docs/commands/up.md. It contains no secret. */
export interface UpReport extends TenantUpReport {
  readonly schema: "entra-access/up/1";
  readonly stack: string;
  readonly result: "in sync" | "action needed";
  readonly changes: readonly ResourceChange[];
  readonly warnings: readonly string[];
  /** Further tenants by the names of their identity providers; absent where there are none. */
  readonly identityProviders?: Readonly<Record<string, TenantUpReport>>;
  /** The config values that a rotation wrote. */
  readonly settings?: Readonly<Record<string, number>>;
}

export function buildUpReport(
  stack: string,
  { run, further, ...own }: DeployResult,
  settings?: Readonly<Record<string, number>>,
): UpReport {
  const others = Object.entries(further).map(([name, result]) => [name, buildTenantReport(result)] as const);
  const warnings = readWarnings(run.warnings);
  const ownReport = buildTenantReport({
    ...own,
    actionNeeded: [...own.actionNeeded, ...warnings.actionNeeded],
  });
  const tenants = [ownReport, ...others.map(([, report]) => report)];
  return {
    schema: "entra-access/up/1",
    stack,
    result: tenants.some(({ actionNeeded }) => actionNeeded.length > 0) ? "action needed" : "in sync",
    changes: run.changes,
    warnings: warnings.others,
    ...ownReport,
    ...(others.length > 0 && { identityProviders: Object.fromEntries(others) }),
    ...(settings && { settings }),
  };
}

/** Separates the warnings of a run that a person must act on, without their mark, from the others. */
export function readWarnings(warnings: readonly string[]): { actionNeeded: string[]; others: string[] } {
  const all = [...new Set(warnings.map((warning) => warning.trim()))];
  const isMarked = (warning: string) => warning.startsWith(ACTION_NEEDED);
  return {
    actionNeeded: all.filter(isMarked).map((warning) => warning.slice(ACTION_NEEDED.length)),
    others: all.filter((warning) => !isMarked(warning)),
  };
}

function buildTenantReport(result: TenantDeployResult): TenantUpReport {
  const { deployed, removed, clientSecretIssues, actionNeeded } = result;
  return {
    clientSecret: deployed ?? null,
    removed: removed.map(({ rotation, keyId, reason }) => ({ number: Number(rotation), keyId, reason })),
    actionNeeded: [...clientSecretIssues, ...actionNeeded.map((text) => ({ text }))],
  };
}

/** Formats the report as lines for a terminal, with those of the outputs after what was changed. */
export function describeUpReport(
  { changes, warnings, identityProviders, ...own }: UpReport,
  outputs: readonly string[] = [],
): string[] {
  const tenants = Object.entries({ [OWN_IDENTITY_PROVIDER]: own, ...identityProviders });
  const each = (describe: (report: TenantUpReport, signIn: string) => string[]) =>
    tenants.flatMap(([signIn, report]) => describe(report, signIn));
  return [
    ...describeChanges(changes).map((line) => `  ${line}`),
    ...warnings.map((warning) => `  ${pc.yellow("warning")} ${warning}`),
    ...each(({ removed }, signIn) =>
      removed.map(
        ({ number, keyId, reason }) =>
          `  ${pc.red("- removed")} ${prefixTenant(signIn, `client secret number ${number} (${keyId}): ${reason}`)}`,
      ),
    ),
    ...outputs,
    ...each(({ actionNeeded }, signIn) =>
      actionNeeded.map(({ text }) => `  ${pc.yellow("action needed:")} ${prefixTenant(signIn, text)}`),
    ),
    ...each(({ clientSecret }, signIn) =>
      clientSecret
        ? [
            prefixTenant(
              signIn,
              `Cloudflare signs in with client secret number ${clientSecret.number} (${clientSecret.keyId}), ` +
                `valid until ${clientSecret.expiresAt}; the next one is due ${clientSecret.dueAt}.`,
            ),
          ]
        : [],
    ),
  ];
}

/** The exit codes of `up` and `rotate`. */
export const UP_EXIT_CODES = { "in sync": 0, "action needed": 2 } as const;
