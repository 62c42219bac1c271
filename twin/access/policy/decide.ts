import type {
  AccessApplication,
  AccessGroup,
  AccessPolicy,
  PolicyDecision,
} from "../../store/cloudflare/account";
import { parseMilliseconds } from "../../store/durations";
import { AccessNotServed } from "./not-served";
import type { Requester } from "./requester";
import { matchesRules } from "./rules";

/** The requester and application, with the policies and groups of the account by id. */
export interface DecisionInput {
  application: AccessApplication;
  policies: ReadonlyMap<string, AccessPolicy>;
  groups: ReadonlyMap<string, AccessGroup>;
  requester: Requester;
  now: Date;
}

export interface AccessDecision {
  allowed: boolean;
  /** The decision of the matching policy; `none` when no policy matched, which denies. */
  decision: PolicyDecision | "none";
  policy?: { id: string; name: string };
  /** One sentence for users. */
  reason: string;
  /** End of an admitted user's session. */
  expires?: Date;
}

/** Decisions that are evaluated first, because they require no sign-in. */
const WITHOUT_SIGN_IN: PolicyDecision[] = ["bypass", "non_identity"];

/**
 * Decides if Access admits a request to an application. Anonymous requests are only admitted by bypass and service
 * auth policies.
 *
 * https://developers.cloudflare.com/cloudflare-one/access-controls/policies/#cloudflare-access-policy-order-of-execution
 *
 * @throws AccessNotServed for rules that the twin does not emulate; such a request must be refused
 */
export function decideAccess({
  application,
  policies,
  groups,
  requester,
  now,
}: DecisionInput): AccessDecision {
  const list = application.policies
    .toSorted((one, other) => one.precedence - other.precedence)
    .map(({ id }) => policies.get(id) ?? failUnknownPolicy(id));
  const isEarly = ({ decision }: AccessPolicy) => WITHOUT_SIGN_IN.includes(decision);
  const context = { requester, groups };
  for (const policy of list.filter(isEarly)) {
    if (matchesRules(context, policy, false)) return createDecision(policy, application, now);
  }
  const refusal = findSignInProblem(application, requester);
  if (refusal) return { allowed: false, decision: "none", reason: refusal };
  for (const policy of list.filter((policy) => !isEarly(policy))) {
    if (matchesRules(context, policy, true)) return createDecision(policy, application, now);
  }
  return { allowed: false, decision: "none", reason: "No policy matches, so access is denied." };
}

function failUnknownPolicy(id: string): never {
  throw new AccessNotServed(`unknown policy ${id}`);
}

function findSignInProblem({ allowedIdps }: AccessApplication, requester: Requester): string | undefined {
  if (requester.email === undefined) return "A sign-in is required.";
  if (allowedIdps.length === 0 || allowedIdps.includes(requester.identityProviderId ?? "")) return undefined;
  return "The application does not allow this identity provider.";
}

function createDecision(policy: AccessPolicy, application: AccessApplication, now: Date): AccessDecision {
  const { id, name, decision } = policy;
  const allowed = decision !== "deny";
  const reason = `Policy ${name} ${allowed ? "admits" : "blocks"} the request (${decision}).`;
  const lasts = parseMilliseconds(policy.sessionDuration ?? application.sessionDuration);
  const expires = decision === "allow" ? { expires: new Date(now.getTime() + lasts) } : {};
  return { allowed, decision, policy: { id, name }, reason, ...expires };
}
