import { replaceControlCharacters } from "../../terminal/untrusted-text";
import { describeConditions, describeResult, type PolicyStep } from "../decision/decide";
import type { Application } from "../decision/model";
import type { AccountReview } from "../decision/review";
import { describeSource, formatApplication, formatPerson } from "./format";
import type { ReportedPerson } from "./report";

/** One person's access, policy by policy, as plain data; docs/commands/access.md documents it. */
export interface WhyReport {
  readonly schema: "entra-access/access-why/1";
  readonly madeAt: string;
  readonly rules: "enforced" | "declared";
  readonly stacks: readonly string[];
  readonly person: ReportedPerson;
  readonly applications: readonly ExplainedApplication[];
}

export interface ExplainedApplication {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly result: "allowed" | "denied" | "conditional";
  readonly condition?: string;
  /** For each identity provider with which this person can sign in. */
  readonly ways: readonly {
    readonly identityProvider: string;
    readonly result: ExplainedApplication["result"];
    /** The reason that stops the sign-in, or may: `is disabled`. */
    readonly obstacle?: string;
    readonly steps: readonly ExplainedStep[];
  }[];
  /** Policies that need no sign-in and match, or may. */
  readonly withoutSignIn: readonly ExplainedStep[];
}

export interface ExplainedStep {
  readonly policy: string;
  readonly decision: string;
  readonly matches: "yes" | "no" | "conditional";
  readonly because: string;
  readonly condition?: string;
}

export function explainApplication(
  review: AccountReview,
  application: Application,
  position: number,
): ExplainedApplication {
  const { admitted, ways, withoutSignIn } = review.explain(application, position);
  const condition = describeConditions(admitted);
  const { id, name, address } = application;
  return {
    id,
    name,
    address,
    result: describeResult(admitted),
    ...(condition !== undefined && { condition }),
    ways: ways.map(({ channel, obstacle, steps, admitted: byWay }) => ({
      identityProvider: channel.provider.name,
      result: describeResult(byWay),
      ...(obstacle && { obstacle: obstacle.text }),
      steps: steps.map(describeStep),
    })),
    withoutSignIn: withoutSignIn.steps.map(describeStep),
  };
}

function describeStep({ policy, matches, because }: PolicyStep): ExplainedStep {
  const condition = describeConditions(matches);
  const outcome = ({ allowed: "yes", denied: "no", conditional: "conditional" } as const)[
    describeResult(matches)
  ];
  const decision = { non_identity: "service auth", deny: "block" }[policy.decision] ?? policy.decision;
  return {
    policy: policy.name,
    decision,
    matches: outcome,
    because,
    ...(condition !== undefined && { condition }),
  };
}

/** Describes each application policy by policy; with several, only those that the person can reach. */
export function describeWhy(report: WhyReport): string[] {
  return [...describeApplications(report), "", describeSource(report)].map(replaceControlCharacters);
}

function describeApplications({ person, applications }: WhyReport): string[] {
  const name = formatPerson(person);
  const [only, second] = applications;
  if (only && !second) return describeOne(name, only);
  const reached = applications.filter(({ result }) => result !== "denied");
  const lines = reached.map(
    (one) => `  ${formatApplication(one)}: ${one.result}${one.condition ? ` if ${one.condition}` : ""}`,
  );
  const account = person.disabled ? ` (${person.account}, disabled)` : ` (${person.account})`;
  const count = `${reached.length} of ${applications.length} applications`;
  return [`${name}${account} can reach ${count}:`, ...lines];
}

function describeOne(person: string, application: ExplainedApplication): string[] {
  const { result, condition, ways, withoutSignIn } = application;
  const early = withoutSignIn.filter(({ matches }) => matches !== "no");
  return [
    `${person} and ${formatApplication(application)}: ${result}${condition ? ` if ${condition}` : ""}`,
    ...(early.length > 0 ? ["", "without a sign-in, for anybody:", ...early.map(formatStep)] : []),
    ...(ways.length === 0
      ? ["", "The application allows no identity provider with which this person can sign in."]
      : []),
    ...ways.flatMap((way) => [
      "",
      `with identity provider "${way.identityProvider}":`,
      ...(way.obstacle ? [`  The account ${way.obstacle}.`] : []),
      ...way.steps.map(formatStep),
      ...(way.steps.some(({ matches }) => matches === "yes")
        ? []
        : ["  Otherwise no policy matches, and access is denied."]),
    ]),
  ];
}

function formatStep({ policy, decision, matches, because, condition }: ExplainedStep, index: number): string {
  const verb = { yes: "matches", no: "does not match", conditional: `matches if ${condition}` }[matches];
  return `  ${index + 1}. policy "${policy}" (${decision}) ${verb}: ${because}`;
}
