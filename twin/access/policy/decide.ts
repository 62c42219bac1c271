import type { AccessApplication, AccessGroup, AccessPolicy, Decision } from "../../store/account";
import { milliseconds } from "../../store/durations";
import { NotJudged } from "./not-judged";
import type { Person } from "./person";
import { matches } from "./rules";

/** Who asks for what, and the policies and groups of the account by id. */
export interface Question {
  application: AccessApplication;
  policies: ReadonlyMap<string, AccessPolicy>;
  groups: ReadonlyMap<string, AccessGroup>;
  person: Person;
  now: Date;
}

export interface Answer {
  allowed: boolean;
  /** Of the policy that matched; `none`: none did, which denies. */
  decision: Decision | "none";
  policy?: { id: string; name: string };
  /** One sentence for people. */
  reason: string;
  /** When somebody who was let in has to sign in again. */
  expires?: Date;
}

/** These go before the others: they ask nobody to sign in. */
const WITHOUT_SIGN_IN: Decision[] = ["bypass", "non_identity"];

/**
 * Whether Access lets a request through to an application. Somebody who is not signed in is let through by policies to
 * bypass and for services alone.
 *
 * https://developers.cloudflare.com/cloudflare-one/access-controls/policies/#cloudflare-access-policy-order-of-execution
 *
 * @throws NotJudged for what the twin cannot judge: to be refused, never let through
 */
export function decide({ application, policies, groups, person, now }: Question): Answer {
  const list = application.policies
    .toSorted((one, other) => one.precedence - other.precedence)
    .map(({ id }) => policies.get(id) ?? missing(id));
  const early = ({ decision }: AccessPolicy) => WITHOUT_SIGN_IN.includes(decision);
  const request = { person, groups };
  for (const policy of list.filter(early)) {
    if (matches(request, policy, false)) return answer(policy, application, now);
  }
  const refusal = notSignedIn(application, person);
  if (refusal) return { allowed: false, decision: "none", reason: refusal };
  for (const policy of list.filter((policy) => !early(policy))) {
    if (matches(request, policy, true)) return answer(policy, application, now);
  }
  return { allowed: false, decision: "none", reason: "No policy matches, which denies." };
}

function missing(id: string): never {
  throw new NotJudged(`a policy that is not there, ${id}`);
}

function notSignedIn({ allowedIdps }: AccessApplication, person: Person): string | undefined {
  if (person.email === undefined) return "Nobody is signed in.";
  if (allowedIdps.length === 0 || allowedIdps.includes(person.identityProviderId ?? "")) return undefined;
  return "The application does not take this identity provider.";
}

function answer(policy: AccessPolicy, application: AccessApplication, now: Date): Answer {
  const { id, name, decision } = policy;
  const allowed = decision !== "deny";
  const reason = `Policy ${name} ${allowed ? "lets it through" : "blocks it"} (${decision}).`;
  const lasts = milliseconds(policy.sessionDuration ?? application.sessionDuration);
  const expires = decision === "allow" ? { expires: new Date(now.getTime() + lasts) } : {};
  return { allowed, decision, policy: { id, name }, reason, ...expires };
}
