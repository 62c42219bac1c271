import { type Check, type CheckResult, judgeChecks, runCheck, type Verdict } from "./check";
import { CLIENT_SECRET_CHECKS } from "./client-secret";
import { CLOUDFLARE_CHECKS } from "./cloudflare";
import { AUTHENTICATION_CONTEXT_CHECKS, CONDITIONAL_ACCESS_CHECKS } from "./conditional-access";
import { type CloudAccess, VerifyContext, type VerifyRequirements } from "./context";
import { ENTRA_CHECKS, ID_TOKEN_CLAIM_CHECKS } from "./entra";
import type { ExpectedSignIn } from "./expected-sign-in";
import { MANAGED_PROVISIONING_CHECKS } from "./provisioning/managed";
import { PROVISIONING_CHECKS } from "./provisioning/people";

/** All checks of `verify` that every sign-in has, in the order of the report. */
export const VERIFY_CHECKS: readonly Check<VerifyContext>[] = [
  ...ENTRA_CHECKS,
  ...CLIENT_SECRET_CHECKS,
  ...CLOUDFLARE_CHECKS,
  ...PROVISIONING_CHECKS,
];

/** The permissions that `verify` needs; none of them allows a change. */
export const READ_PERMISSIONS: readonly string[] = [
  "Microsoft Graph, application permissions: Directory.Read.All, Policy.Read.All for Conditional Access, AuthenticationContext.Read.All for authentication contexts in access rules, and Synchronization.Read.All for provisioning by the stack",
  'Cloudflare API token, on the account: "Access: Organizations, Identity Providers, and Groups Read"',
  'Cloudflare API token, for the last sign-in: "Access: Audit Logs Read"',
];

/** The results for the sign-in at one tenant. */
export interface VerifiedTenant {
  readonly tenantId: string;
  readonly result: Verdict;
  readonly checks: readonly CheckResult[];
  /** Absent if the sign-in was never deployed. */
  readonly testUrl?: string;
}

/** The report of `verify --json`: the checks of the stack's own tenant, and the result for all tenants. */
export interface VerifyReport extends VerifiedTenant {
  readonly schema: "entra-access/verify/1";
  readonly stack: string;
  readonly accountId: string;
  readonly teamName: string;
  /** RFC 3339. */
  readonly checkedAt: string;
  /** The results for further tenants, by the names of their identity providers; absent if there are none. */
  readonly identityProviders?: Readonly<Record<string, VerifiedTenant>>;
  /** The steps that only a person can take. */
  readonly manualSteps: readonly string[];
  readonly permissions: readonly string[];
}

export interface VerifyOptions extends VerifyRequirements {
  readonly stack: string;
  /** The results for the stack's further tenants, by the names of their identity providers; default: none. */
  readonly further?: Readonly<Record<string, VerifiedTenant>>;
}

/** Runs all checks for the stack's own tenant and adds those of further tenants to the report; changes nothing. */
export async function verifySignIn(
  clouds: CloudAccess,
  expected: ExpectedSignIn,
  options: VerifyOptions,
): Promise<VerifyReport> {
  const { stack, further = {}, ...requirements } = options;
  const context = new VerifyContext(clouds, expected, requirements);
  const own = await verifyTenant(context);
  const tenants = [own, ...Object.values(further)];
  return {
    schema: "entra-access/verify/1",
    stack,
    ...own,
    accountId: expected.accountId,
    teamName: expected.teamName,
    checkedAt: context.now.toISOString(),
    result: judgeChecks(tenants.flatMap(({ checks }) => checks)),
    ...(tenants.length > 1 && { identityProviders: further }),
    manualSteps: listManualSteps(tenants),
    permissions: READ_PERMISSIONS,
  };
}

export async function verifyTenant(context: VerifyContext): Promise<VerifiedTenant> {
  const { tenantId, testUrl, idTokenClaims, provisioning, conditionalAccess, authenticationContexts } =
    context.expected;
  const all = [
    ...VERIFY_CHECKS,
    ...(idTokenClaims.length > 0 ? ID_TOKEN_CLAIM_CHECKS : []),
    ...(provisioning ? MANAGED_PROVISIONING_CHECKS : []),
    ...(conditionalAccess.length > 0 ? CONDITIONAL_ACCESS_CHECKS : []),
    ...(authenticationContexts.length > 0 ? AUTHENTICATION_CONTEXT_CHECKS : []),
  ];
  const checks = await Promise.all(all.map((check) => runCheck(check, context)));
  return { tenantId, result: judgeChecks(checks), checks, testUrl };
}

function listManualSteps(tenants: readonly VerifiedTenant[]): string[] {
  const hasSignIn = ({ checks }: VerifiedTenant) =>
    checks.some(({ id, status }) => id === "sign-in" && status === "passed");
  // Cloudflare's log does not name the identity provider, so a sign-in proves nothing if there are several.
  const isProven = tenants.length === 1 && tenants.every(hasSignIn);
  const urls = isProven ? [] : tenants.flatMap(({ testUrl }) => testUrl ?? []);
  return [
    ...urls.map((testUrl) => `Open ${testUrl}, sign in, and expect "Your connection works".`),
    "Sign in as one of the people whom the sign-in is for: what Conditional Access asks of them, and who is in which group, is not checked.",
  ];
}
