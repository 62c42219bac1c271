/** Provisioning of users and groups from an Entra application to another service. */

/** A setting of provisioning, in clear text: Entra has to present the secret to the service. Answers mask it. */
export interface SynchronizationSecret {
  key: string;
  value: string;
}

export interface SynchronizationJob {
  id: string;
  templateId: string;
  state: "Active" | "Disabled" | "Paused";
  /** Time of the next cycle; absent while the job does not run. */
  nextCycleAt?: string;
  /** Objects of the service, by object id of the user or group in Entra. */
  links: Map<string, SynchronizedObject>;
  /** Exports that failed, by object id. */
  escrows: Map<string, Escrow>;
  quarantine?: Quarantine;
  lastExecution?: Execution;
  lastSuccessfulExecution?: Execution;
  lastSuccessfulExecutionWithExports?: Execution;
  countSuccessiveCompleteFailures: number;
  steadyStateFirstAchievedAt?: string;
  steadyStateLastAchievedAt?: string;
}

/** A user or group that the service has, as it was last exported. */
export interface SynchronizedObject {
  type: "User" | "Group";
  targetId: string;
  attributes: Record<string, string>;
  /** Object ids of the members in Entra; empty for users. */
  members: string[];
  /** Since when the user is deleted in Entra. */
  deletedAt?: string;
}

/** A failed export, which is repeated when its time has come. */
export interface Escrow {
  error: string;
  firstFailedAt: string;
  nextAttemptAt: string;
  attempts: number;
}

export interface Quarantine {
  reason: "EncounteredQuarantineException";
  error: { code: string; message: string };
  /** Begin of the quarantine. */
  beganAt: string;
  nextAttemptAt: string;
  attempts: number;
}

/** A cycle. */
export interface Execution {
  id: string;
  state: "Succeeded" | "Failed" | "EntryLevelErrors";
  error?: { code: string; message: string };
  beganAt: string;
  endedAt: string;
  countEntitled: number;
  countExported: number;
  countEscrowed: number;
}

/** Creates a job that was never started. */
export function createSynchronizationJob(id: string, templateId: string): SynchronizationJob {
  return {
    id,
    templateId,
    state: "Disabled",
    links: new Map(),
    escrows: new Map(),
    countSuccessiveCompleteFailures: 0,
  };
}
