import type { Execution, Quarantine, SynchronizationJob } from "../../store/entra/synchronization";
import type { ServicePrincipal } from "../../store/entra/tenant";
import type { WireObject } from "../call";

/** Tells if the credentials of provisioning are there. */
export const isConfigured = ({ synchronization }: ServicePrincipal) =>
  ["BaseAddress", "SecretToken"].every((required) =>
    synchronization.secrets.some(({ key }) => key === required),
  );

/** https://learn.microsoft.com/graph/api/resources/synchronization-synchronizationjob */
export function toJobWire(principal: ServicePrincipal, job: SynchronizationJob): WireObject {
  const { id, templateId, state } = job;
  return {
    id,
    templateId,
    schedule: {
      expiration: null,
      // Graph shows the maximum duration for a job that was never started.
      interval: state === "Disabled" ? "P10675199DT2H48M5.4775807S" : "PT40M",
      state,
    },
    status: {
      code: getCode(principal, job),
      countSuccessiveCompleteFailures: job.countSuccessiveCompleteFailures,
      escrowsPruned: false,
      lastExecution: toExecutionWire(job.lastExecution),
      lastSuccessfulExecution: toExecutionWire(job.lastSuccessfulExecution),
      lastSuccessfulExecutionWithExports: toExecutionWire(job.lastSuccessfulExecutionWithExports),
      progress: [],
      quarantine: job.quarantine ? toQuarantineWire(job.quarantine) : null,
      steadyStateFirstAchievedTime: job.steadyStateFirstAchievedAt ?? NEVER,
      steadyStateLastAchievedTime: job.steadyStateLastAchievedAt ?? NEVER,
      synchronizedEntryCountByType: countByType(job),
      troubleshootingUrl: null,
    },
    synchronizationJobSettings: [],
  };
}

const NEVER = "0001-01-01T00:00:00Z";

function getCode(
  principal: ServicePrincipal,
  { state, quarantine, lastSuccessfulExecution }: SynchronizationJob,
) {
  if (quarantine) return "Quarantine";
  if (state === "Paused") return "Paused";
  if (state === "Active" && lastSuccessfulExecution) return "Active";
  return isConfigured(principal) ? "NotRun" : "NotConfigured";
}

/** https://learn.microsoft.com/graph/api/resources/synchronization-synchronizationtaskexecution */
function toExecutionWire(execution: Execution | undefined): WireObject | null {
  if (!execution) return null;
  const { countEntitled, countEscrowed, countExported, error } = execution;
  return {
    activityIdentifier: execution.id,
    countEntitled,
    countEntitledForProvisioning: countEntitled,
    countEscrowed,
    countEscrowedRaw: countEscrowed,
    countExported,
    countExports: countExported,
    countImported: countEntitled,
    countImportedDeltas: 0,
    countImportedReferenceDeltas: 0,
    error: error ? { ...error, tenantActionable: true } : null,
    state: execution.state,
    timeBegan: execution.beganAt,
    timeEnded: execution.endedAt,
  };
}

/** https://learn.microsoft.com/graph/api/resources/synchronization-synchronizationquarantine */
function toQuarantineWire({ reason, error, beganAt, nextAttemptAt, attempts }: Quarantine): WireObject {
  return {
    currentBegan: beganAt,
    error: { ...error, tenantActionable: true },
    nextAttempt: nextAttemptAt,
    reason,
    seriesBegan: beganAt,
    seriesCount: attempts,
  };
}

function countByType({ links }: SynchronizationJob): WireObject[] {
  const types = [...links.values()].map(({ type }) => type);
  return [...new Set(types)].map((key) => ({ key, value: types.filter((type) => type === key).length }));
}
