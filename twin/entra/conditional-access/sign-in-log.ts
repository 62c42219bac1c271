import { randomUUID } from "node:crypto";
import type { SignInRecord } from "../../store/entra/conditional-access";
import type { EntraTenant } from "../../store/entra/tenant";
import { findApplicationByAppId, type Store } from "../../store/store";
import type { Demand, PolicyResult, SignInFacts } from "./evaluate";

/** The result of a sign-in: the error code that it ended with, or 0. */
export interface SignInOutcome {
  facts: SignInFacts;
  results: readonly PolicyResult[];
  error?: { code: number; reason: string };
}

/** Adds an entry to the tenant's log of sign-ins: https://learn.microsoft.com/graph/api/resources/signin */
export function logSignIn(store: Store, tenant: EntraTenant, { facts, results, error }: SignInOutcome): void {
  const application = findApplicationByAppId(tenant, facts.appId);
  const user = tenant.users.get(facts.userId);
  const { ip, country, compliantDevice, domainJoinedDevice, signInRisk } = facts.origin;
  const enforced = results.filter(({ policy, applies }) => policy.state === "enabled" && applies);
  const record: SignInRecord = {
    id: randomUUID(),
    createdDateTime: store.now().toISOString(),
    userId: facts.userId,
    userDisplayName: user?.displayName ?? "",
    userPrincipalName: user?.userPrincipalName ?? "",
    appId: facts.appId,
    appDisplayName: application?.displayName ?? "",
    ipAddress: ip,
    location: { countryOrRegion: country },
    deviceDetail: {
      isCompliant: compliantDevice,
      isManaged: compliantDevice,
      trustType: domainJoinedDevice ? "Hybrid Azure AD joined" : "",
    },
    riskLevelDuringSignIn: signInRisk,
    status: { errorCode: error?.code ?? 0, failureReason: error?.reason ?? "Other." },
    conditionalAccessStatus: enforced.length === 0 ? "notApplied" : error ? "failure" : "success",
    appliedConditionalAccessPolicies: results.map((result) => ({
      id: result.policy.id,
      displayName: result.policy.displayName,
      enforcedGrantControls: result.applies ? (result.policy.grantControls?.builtInControls ?? []) : [],
      enforcedSessionControls: result.applies && result.policy.sessionControls ? ["SignInFrequency"] : [],
      result: describeResult(result),
    })),
  };
  tenant.signIns.set(record.id, record);
}

/** Demands that people could meet if the policy were enforced. */
const PROMPTS: readonly Demand[] = ["mfa", "signIn"];

/** https://learn.microsoft.com/graph/api/resources/appliedconditionalaccesspolicy */
function describeResult({ policy, applies, demand }: PolicyResult): string {
  if (policy.state === "disabled") return "notEnabled";
  if (policy.state === "enabled") return !applies ? "notApplied" : demand ? "failure" : "success";
  if (!applies) return "reportOnlyNotApplied";
  if (!demand) return "reportOnlySuccess";
  return PROMPTS.includes(demand) ? "reportOnlyInterrupted" : "reportOnlyFailure";
}
