import type { AppRoleAssignment, SynchronizationJob } from "@microsoft/microsoft-graph-types";
import { ignoreNotFound } from "../../clients/errors";
import { listAllPages } from "../../clients/pages";
import { listFirst } from "../../terminal/list-first";
import type { Check } from "../check";
import { requireExisting, type VerifyContext } from "../context";

/** The app role "User" of applications from the template; Entra skips people with "Default Access". */
const USER_ROLE = "18d14569-c3bd-439b-9a66-3a2aee01d14f";
/** The most names that a report lists. */
const MAX_NAMES = 5;
/** Three cycles: one that is missed is made up for by the next. */
const LONGEST_PAUSE_MINUTES = 120;
const MINUTE = 60_000;

/** Checks of the Entra side of provisioning, where the stack manages it. */
export const MANAGED_PROVISIONING_CHECKS: readonly Check<VerifyContext>[] = [
  {
    id: "provisioning-groups",
    subject: "groups that are provisioned",
    source: "Microsoft Graph: GET servicePrincipals/{id}/appRoleAssignedTo, with the role User",
    symptom: "people of a group that is not assigned keep their sessions when they leave",
    advice:
      "Run npx entra-access up, which assigns what the access rules name. Remove what somebody assigned by hand, or name it in a rule.",
    async run(context) {
      const { entraGroups, ownedEntraGroups } = context.expected;
      const names = new Map(Object.entries(entraGroups).map(([name, id]) => [id, name]));
      const all = await listAllPages<AppRoleAssignment>(
        await context.clouds.graph(),
        `${getPrincipal(context)}/appRoleAssignedTo`,
      );
      const assigned = all.filter(({ appRoleId }) => appRoleId === USER_ROLE);
      const ids = new Set(assigned.map(({ principalId }) => principalId));
      const missing = [...names].flatMap(([id, name]) => (ids.has(id) ? [] : [name]));
      const extra = assigned
        .filter(({ principalId, principalDisplayName }) => {
          const isOwned = ownedEntraGroups.includes(String(principalDisplayName));
          return !names.has(String(principalId)) && !isOwned;
        })
        .map(({ principalDisplayName }) => String(principalDisplayName));
      const expected = "those of the access rules";
      const differences = [
        ...(missing.length > 0 ? [`not assigned: ${listFirst(missing, MAX_NAMES)}`] : []),
        ...(extra.length > 0 ? [`in no rule: ${listFirst(extra, MAX_NAMES)}`] : []),
      ];
      return { actual: differences.join("; ") || expected, expected };
    },
  },
  {
    id: "provisioning-job",
    subject: "job of provisioning",
    source: "Microsoft Graph: GET servicePrincipals/{id}/synchronization/jobs/{id}, schedule and status",
    symptom: "people who leave keep their sessions and seats",
    advice: "Run npx entra-access up, which starts the job.",
    async run(context) {
      const { schedule, status } = await readJob(context);
      const expected = "active";
      const quarantine = status?.quarantine;
      if (!quarantine)
        return {
          actual: schedule?.state === "Active" ? expected : String(schedule?.state).toLowerCase(),
          expected,
        };
      const { reason, currentBegan, nextAttempt, error } = quarantine;
      const cause = [error?.code, error?.message].filter(Boolean).join(", ");
      return {
        actual: `in quarantine since ${currentBegan}: ${cause || reason}; Entra tries again at ${nextAttempt}`,
        expected,
        advice:
          "If Cloudflare refuses the secret, run npx entra-access rotate --scim. Otherwise remove the cause, then restart provisioning in Entra.",
      };
    },
  },
  {
    id: "provisioning-cycle",
    subject: "last cycle of provisioning",
    source: "Microsoft Graph: GET servicePrincipals/{id}/synchronization/jobs/{id}, status",
    advice: "Look at the provisioning logs of the application in Entra.",
    async run(context) {
      const { status } = await readJob(context);
      const expected = `complete, at most ${LONGEST_PAUSE_MINUTES} minutes ago`;
      const { lastExecution, lastSuccessfulExecution: last } = status ?? {};
      if (!last?.timeEnded) return { actual: "none yet", expected, passed: "open" };
      const minutes = Math.floor((context.now.getTime() - Date.parse(last.timeEnded)) / MINUTE);
      const escrowed = last.countEscrowed ?? 0;
      const { error } = lastExecution ?? {};
      const problems = [
        ...(minutes > LONGEST_PAUSE_MINUTES ? [`the last complete one ended ${minutes} minutes ago`] : []),
        ...(error ? [`the last one failed: ${[error.code, error.message].filter(Boolean).join(", ")}`] : []),
        ...(escrowed > 0 ? [`${escrowed} people or groups could not be provisioned`] : []),
      ];
      const details = { ended: last.timeEnded, escrowed, exported: last.countExported ?? 0 };
      return { actual: problems.join("; ") || expected, expected, details };
    },
  },
];

const getPrincipal = ({ expected: { provisioning } }: VerifyContext) =>
  `/servicePrincipals/${provisioning?.servicePrincipalObjectId}`;

async function readJob(context: VerifyContext): Promise<SynchronizationJob> {
  const graph = await context.clouds.graph();
  const path = `${getPrincipal(context)}/synchronization/jobs/${context.expected.provisioning?.jobId}`;
  const read: Promise<SynchronizationJob | undefined> = graph.api(path).get().catch(ignoreNotFound);
  return requireExisting(read, "job of provisioning");
}
