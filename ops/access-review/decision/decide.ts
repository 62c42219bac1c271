import { all, any, createCondition, describeFormula, type Formula, not, settle } from "./formula";
import type { AccessRule, AccessRules, Application, Policy, RuleSet } from "./model";
import { matchRule, readRule, type Visitor } from "./selectors";
import { describeRule, type GroupNames } from "./words";

/** A policy of an application, in the order of evaluation, with the rule that decided. */
export interface PolicyStep {
  readonly policy: Policy;
  /** True where the policy decides, false where Access goes on to the next one. */
  readonly matches: Formula;
  /** In words: `Access group "employees": excluded by Entra group "Suspended"`. */
  readonly because: string;
  /** The rule that includes the visitor, also within Access groups. */
  readonly rule?: AccessRule | undefined;
}

export interface Decision {
  /** True: admitted. False: refused. Otherwise the conditions under which the visitor is admitted. */
  readonly admitted: Formula;
  /** Up to the policy that decides for certain. */
  readonly steps: readonly PolicyStep[];
  /** The first policy that admits, or may. */
  readonly by?: PolicyStep;
}

/** Policies that need no sign-in, which Access evaluates before all others. */
const WITHOUT_SIGN_IN: ReadonlySet<string> = new Set(["bypass", "non_identity"]);

/** Rules that count everywhere in an account, with the names of Entra groups for the words. */
export interface RuleContext {
  readonly rules: AccessRules;
  readonly names: GroupNames;
}

/**
 * Decides who gets in without a sign-in: anybody by bypass, programs by service auth. Access evaluates these policies
 * first, the others after the sign-in, each in the order of precedence:
 * https://developers.cloudflare.com/cloudflare-one/access-controls/policies/#cloudflare-access-policy-order-of-execution
 */
export function decideWithoutSignIn(context: RuleContext, application: Application): Decision {
  const nobody: Visitor = { providerId: undefined, matches: () => false };
  return decide(context, selectPolicies(application, true), nobody);
}

/** Decides for a visitor who has signed in; an identity provider that the application does not allow is refused before. */
export function decideAfterSignIn(
  context: RuleContext,
  application: Application,
  visitor: Visitor,
): Decision {
  const { allowedProviders } = application;
  const isAllowed = allowedProviders.length === 0 || allowedProviders.includes(visitor.providerId ?? "");
  if (!isAllowed) return { admitted: false, steps: [] };
  return decide(context, selectPolicies(application, false), visitor);
}

/** Selects the policies of one phase, in the order of evaluation. */
export function selectPolicies({ policies }: Application, withoutSignIn: boolean): Policy[] {
  return policies.filter(({ decision }) => WITHOUT_SIGN_IN.has(decision) === withoutSignIn);
}

function decide(context: RuleContext, policies: readonly Policy[], visitor: Visitor): Decision {
  const steps: PolicyStep[] = [];
  for (const policy of policies) {
    const match = matchRules(context, policy, visitor, []);
    steps.push({ policy, ...match });
    if (match.matches === true) break;
  }
  const admitted = steps.reduceRight<Formula>((rest, { policy, matches }) => {
    // The questions come after the policy has matched, so a person who does not answer is refused, whatever the later policies say.
    const prompted = all([matches, ...policy.prompts]);
    if (policy.decision === "deny") return all([not(matches), rest]);
    return any([prompted, all([not(matches), rest])]);
  }, false);
  const by = steps.find(({ policy, matches }) => policy.decision !== "deny" && matches !== false);
  return { admitted: settle(admitted), steps, ...(by && { by }) };
}

interface Match {
  readonly matches: Formula;
  readonly because: string;
  /** The rule that includes the visitor, also within Access groups. */
  readonly rule?: AccessRule | undefined;
}

/** @param within ids of the enclosing Access groups */
function matchRules(context: RuleContext, set: RuleSet, visitor: Visitor, within: readonly string[]): Match {
  const matchAll = (list: readonly AccessRule[]) =>
    list.map((rule) => matchOne(context, rule, visitor, within));
  const [include, require, exclude] = [matchAll(set.include), matchAll(set.require), matchAll(set.exclude)];
  const matches = settle(
    all([
      any(include.map((one) => one.matches)),
      ...require.map((one) => one.matches),
      ...exclude.map((one) => not(one.matches)),
    ]),
  );
  const included = findIncluded(include);
  return { matches, because: explain({ matches, include, require, exclude }), rule: included?.rule };
}

const findIncluded = (include: readonly Match[]) =>
  include.find((one) => one.matches === true) ?? include.find((one) => one.matches !== false);

function explain(sets: { matches: Formula } & Record<"include" | "require" | "exclude", Match[]>): string {
  const { matches, include, require, exclude } = sets;
  const included = findIncluded(include);
  if (matches !== false) return included?.because ?? "no rule";
  const excluded = exclude.find((one) => one.matches === true);
  const missing = require.find((one) => one.matches === false);
  if (!included) return include.length === 0 ? "includes nobody" : `not included: ${join(include)}`;
  if (excluded) return `excluded by ${excluded.because}`;
  return missing ? `requires ${missing.because}` : "its rules exclude each other";
}

const join = (matches: readonly Match[]) => matches.map(({ because }) => because).join("; ");

function matchOne(
  context: RuleContext,
  rule: AccessRule,
  visitor: Visitor,
  within: readonly string[],
): Match {
  const { rules, names } = context;
  const because = describeRule(rule, rules, names);
  const [type, { id }] = readRule(rule);
  if (type !== "group") return { matches: matchRule(rule, visitor), because, rule };
  const group = rules.groups.get(String(id));
  if (!group)
    return { matches: createCondition("other", `${because}, which was not found, matches`), because };
  if (within.includes(group.id))
    return { matches: createCondition("other", `${because}, which contains itself, matches`), because };
  const inner = matchRules(context, group, visitor, [...within, group.id]);
  return { ...inner, because: `${because}: ${inner.because}` };
}

/** Describes the outcome in one word. */
export function describeResult(admitted: Formula): "allowed" | "denied" | "conditional" {
  if (typeof admitted === "boolean") return admitted ? "allowed" : "denied";
  return "conditional";
}

/** Describes the conditions in words that complete "if ..."; undefined where there are none. */
export function describeConditions(admitted: Formula): string | undefined {
  return typeof admitted === "boolean" ? undefined : describeFormula(admitted);
}
