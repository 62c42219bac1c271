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

/** The report of one stack: what `verify --json` prints. docs/operations.md has every field. */
export interface VerifyReport {
  readonly schema: "entra-access/verify/1";
  readonly stack: string;
  readonly tenantId: string;
  readonly accountId: string;
  readonly teamName: string;
  /** RFC 3339. */
  readonly checkedAt: string;
  readonly result: Result;
  readonly checks: readonly Finding[];
  readonly testUrl: string;
  /** What no check can do. */
  readonly byHand: readonly string[];
  readonly rights: readonly string[];
}

export interface VerifyOptions extends Demands {
  /** Name of the stack, for the report. */
  readonly stack: string;
}

/** "Test the integration" without a browser: carries out every check, whatever the others find. Changes nothing. */
export async function verify(sight: Sight, asked: Asked, options: VerifyOptions): Promise<VerifyReport> {
  const reading = new Reading(sight, asked, options);
  const checks = await Promise.all(CHECKS.map((check) => carryOut(check, reading)));
  const { tenantId, accountId, teamName, testUrl } = asked;
  return {
    schema: "entra-access/verify/1",
    stack: options.stack,
    tenantId,
    accountId,
    teamName,
    checkedAt: reading.now.toISOString(),
    result: resultOf(checks),
    checks,
    testUrl,
    byHand: byHand(checks, testUrl),
    rights: READ_RIGHTS,
  };
}

function byHand(checks: readonly Finding[], testUrl: string): string[] {
  const proven = checks.some(({ id, status }) => id === "sign-in" && status === "passed");
  return [
    ...(proven ? [] : [`Open ${testUrl}, sign in, and read "Your connection works".`]),
    "Conditional Access is not looked at, nor are people and their groups: sign in as one of those it is for.",
  ];
}
