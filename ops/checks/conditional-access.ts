import type { ConditionalAccessPolicy } from "@microsoft/microsoft-graph-types";
import { judgeDecision } from "../../config/conditional-access/decision";
import { describeContexts } from "../clients/entra/authentication-contexts";
import { listAllPages } from "../clients/pages";
import type { Check } from "./check";
import type { VerifyContext } from "./context";
import type { ExpectedPolicy } from "./expected-sign-in";

/** Checks of a sign-in whose settings declare policies of Conditional Access; reading these needs Policy.Read.All. */
export const CONDITIONAL_ACCESS_CHECKS: readonly Check<VerifyContext>[] = [
  {
    id: "conditional-access",
    subject: "Conditional Access",
    source: "Graph: GET /identity/conditionalAccess/policies, state of those on the application",
    symptom: "AADSTS53003, or a sign-in without the second factor",
    advice: "Run `npx entra-access up`: it restores the policies.",
    async run(context) {
      const { conditionalAccess, clientId } = context.expected;
      const graph = await context.clouds.graph();
      const all = await listAllPages<ConditionalAccessPolicy>(graph, "/identity/conditionalAccess/policies");
      const own = all.filter(({ conditions }) =>
        conditions?.applications?.includeApplications?.includes(clientId),
      );
      const findState = (name: string) => own.find(({ displayName }) => displayName === name)?.state;
      const describe = (getState: (policy: ExpectedPolicy) => string) =>
        conditionalAccess.map((policy) => `"${policy.displayName}" ${getState(policy)}`).join(", ");
      return {
        actual: describe(({ displayName }) => STATES[findState(displayName) ?? ""] ?? "missing"),
        expected: describe(({ state }) => STATES[state] ?? state),
      };
    },
  },
  {
    id: "report-only",
    subject: "Conditional Access that only reports",
    source: "the settings: conditionalAccess.policies, decideBy",
    symptom: "the policy protects nobody",
    advice:
      "Set the state of the policy to enabled or disabled, without decideBy, then run `npx entra-access up`.",
    async run({ expected, now }) {
      const reporting = expected.conditionalAccess.filter(({ decideBy }) => decideBy !== undefined);
      const urgencies = reporting.map(({ decideBy }) => judgeDecision(String(decideBy), now));
      return {
        actual:
          reporting.map(({ displayName, decideBy }) => `"${displayName}" until ${decideBy}`).join(", ") ||
          "none",
        expected: "none after its date",
        passed: urgencies.includes("late") ? false : urgencies.includes("soon") ? "open" : true,
      };
    },
  },
];

/** Checks of a sign-in whose access rules ask for authentication contexts. */
export const AUTHENTICATION_CONTEXT_CHECKS: readonly Check<VerifyContext>[] = [
  {
    id: "authentication-contexts",
    subject: "authentication contexts",
    source: "Graph: GET /identity/conditionalAccess/authenticationContextClassReferences, isAvailable",
    symptom: "access rules that ask for the context match nobody",
    advice: "Create or publish them in Entra's portal: Conditional Access, Authentication contexts.",
    async run({ clouds, expected }) {
      const ids = expected.authenticationContexts;
      const found = await describeContexts(await clouds.graph(), ids);
      return {
        actual: ids.map((id) => `${id} ${found.get(id)}`).join(", "),
        expected: ids.map((id) => `${id} published`).join(", "),
      };
    },
  },
];

/** States by the words of Graph and of the settings. */
const STATES: Readonly<Record<string, string>> = {
  enabled: "enabled",
  disabled: "disabled",
  enabledForReportingButNotEnforced: "report-only",
  reportOnly: "report-only",
};
