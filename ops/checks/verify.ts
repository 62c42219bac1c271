import type { Asked } from "./asked";
import { type Check, carryOut, type Finding, type Result, resultOf } from "./check";
import { CLIENT_SECRET_CHECKS } from "./client-secret";
import { CLOUDFLARE_CHECKS } from "./cloudflare";
import { ENTRA_CHECKS } from "./entra";
import { type Demands, Reading, type Sight } from "./reading";

/** Everything that `verify` looks at, in the order of the report. */
export const CHECKS: readonly Check[] = [...ENTRA_CHECKS, ...CLIENT_SECRET_CHECKS, ...CLOUDFLARE_CHECKS];

/** The rights that looking takes; none of them changes anything. */
export const READ_RIGHTS: readonly string[] = [
  "Microsoft Graph, application permissions: Application.Read.All, Directory.Read.All",
  'Cloudflare API token, on the account: "Access: Organizations, Identity Providers, and Groups Read"',
  'Cloudflare API token, for the last sign-in: "Access: Audit Logs Read"',
];

/** What was found of the sign-in at one tenant. */
export interface VerifiedTenant {
  readonly tenantId: string;
  readonly result: Result;
  readonly checks: readonly Finding[];
  /** Absent where the sign-in was never deployed. */
  readonly testUrl?: string;
}

/** The report of one stack: what `verify --json` prints. docs/operations.md has every field. */
export interface VerifyReport extends VerifiedTenant {
  readonly schema: "entra-access/verify/1";
  readonly stack: string;
  readonly accountId: string;
  readonly teamName: string;
  /** RFC 3339. */
  readonly checkedAt: string;
  /** That of all tenants. */
  readonly result: Result;
  /** Those of the stack's own tenant. */
  readonly checks: readonly Finding[];
  /** Of further tenants, by the names of their identity providers; absent where there are none. */
  readonly identityProviders?: Readonly<Record<string, VerifiedTenant>>;
  /** What no check can do. */
  readonly byHand: readonly string[];
  readonly rights: readonly string[];
}

export interface VerifyOptions extends Demands {
  /** Name of the stack, for the report. */
  readonly stack: string;
  /** What was found of the stack's further tenants, by the names of their identity providers; default: none. */
  readonly further?: Readonly<Record<string, VerifiedTenant>>;
}

/** "Test the integration" without a browser: carries out every check, whatever the others find. Changes nothing. */
export async function verify(sight: Sight, asked: Asked, options: VerifyOptions): Promise<VerifyReport> {
  const { stack, further = {}, ...demands } = options;
  const reading = new Reading(sight, asked, demands);
  const own = await verifyTenant(reading);
  const tenants = [own, ...Object.values(further)];
  return {
    schema: "entra-access/verify/1",
    stack,
    ...own,
    accountId: asked.accountId,
    teamName: asked.teamName,
    checkedAt: reading.now.toISOString(),
    result: resultOf(tenants.flatMap(({ checks }) => checks)),
    ...(tenants.length > 1 && { identityProviders: further }),
    byHand: byHand(tenants),
    rights: READ_RIGHTS,
  };
}

/** The same for the sign-in at one tenant. */
export async function verifyTenant(reading: Reading): Promise<VerifiedTenant> {
  const { tenantId, testUrl } = reading.asked;
  const checks = await Promise.all(CHECKS.map((check) => carryOut(check, reading)));
  return { tenantId, result: resultOf(checks), checks, testUrl };
}

function byHand(tenants: readonly VerifiedTenant[]): string[] {
  const isProven = ({ checks }: VerifiedTenant) =>
    checks.some(({ id, status }) => id === "sign-in" && status === "passed");
  // Cloudflare's log does not say which identity provider it was.
  const isDone = tenants.length === 1 && tenants.every(isProven);
  const urls = isDone ? [] : tenants.flatMap(({ testUrl }) => testUrl ?? []);
  return [
    ...urls.map((testUrl) => `Open ${testUrl}, sign in, and read "Your connection works".`),
    "Conditional Access is not looked at, nor are people and their groups: sign in as one of those it is for.",
  ];
}
