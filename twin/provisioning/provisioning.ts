import type { Clock } from "../clock";
import type { Execution, SynchronizationJob } from "../store/entra/synchronization";
import type { EntraTenant, ServicePrincipal } from "../store/entra/tenant";
import type { Store } from "../store/store";
import { Cycle, describeFailure, getNextAttempt } from "./cycle";
import { ConnectionFailed, ExportFailed, ScimClient } from "./scim-client";

/** Time from one cycle to the next: https://learn.microsoft.com/entra/identity/app-provisioning/how-provisioning-works */
const CYCLE_MINUTES = 40;
/** A job that is in quarantine for this long is disabled. */
const LONGEST_QUARANTINE_DAYS = 28;
/** How often a twin with a running clock looks for cycles that are due. */
const TICK_SECONDS = 1;

/**
 * Entra's provisioning service: runs the cycles of all jobs on the twin's clock. Moving the clock over several cycles runs
 * one, because the others would find nothing to do.
 */
export class Provisioning {
  private running: Promise<void> = Promise.resolve();
  private readonly timer: NodeJS.Timeout;
  private readonly stopListening: () => void;

  constructor(
    private readonly store: Store,
    clock: Clock,
  ) {
    this.stopListening = clock.onMove(() => void this.runDue());
    this.timer = setInterval(() => {
      if (!clock.isFrozen) void this.runDue();
    }, TICK_SECONDS * 1000);
    this.timer.unref();
  }

  /** Runs the cycles that are due, and resolves when they have ended. Never rejects. */
  runDue(): Promise<void> {
    this.running = this.running.then(() => this.runAll());
    return this.running;
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.stopListening();
    await this.running;
  }

  private async runAll(): Promise<void> {
    for (const tenant of this.store.tenants.values())
      for (const principal of tenant.servicePrincipals.values())
        for (const job of principal.synchronization.jobs)
          if (isDue(job, this.store.now())) await runCycle(this.store, tenant, principal, job);
  }
}

function isDue({ state, nextCycleAt }: SynchronizationJob, now: Date): boolean {
  return state === "Active" && nextCycleAt !== undefined && Date.parse(nextCycleAt) <= now.getTime();
}

async function runCycle(
  store: Store,
  tenant: EntraTenant,
  principal: ServicePrincipal,
  job: SynchronizationJob,
): Promise<void> {
  const client = new ScimClient(store, principal.synchronization.secrets);
  const now = store.now();
  try {
    recordSuccess(job, now, await new Cycle(store, tenant, principal, job, client).run());
  } catch (error) {
    if (error instanceof ConnectionFailed) quarantine(job, now.toISOString(), error);
    else if (error instanceof ExportFailed) postpone(job, now, describeFailure(now.toISOString(), error));
    else throw error;
  } finally {
    await client.close();
  }
}

function recordSuccess(job: SynchronizationJob, now: Date, execution: Execution): void {
  delete job.quarantine;
  job.countSuccessiveCompleteFailures = 0;
  job.lastExecution = execution;
  job.lastSuccessfulExecution = execution;
  if (execution.countExported > 0) job.lastSuccessfulExecutionWithExports = execution;
  if (execution.countEscrowed === 0) {
    job.steadyStateFirstAchievedAt ??= execution.endedAt;
    job.steadyStateLastAchievedAt = execution.endedAt;
  }
  job.nextCycleAt = getNextCycle(now);
}

const getNextCycle = (now: Date) => new Date(now.getTime() + CYCLE_MINUTES * 60_000).toISOString();

/** Leaves the work to the next cycle. */
function postpone(job: SynchronizationJob, now: Date, execution: Execution): void {
  job.lastExecution = execution;
  job.countSuccessiveCompleteFailures++;
  job.nextCycleAt = getNextCycle(now);
}

/** Puts the job into quarantine, in which it is tried less and less often, and at last no more. */
function quarantine(job: SynchronizationJob, now: string, error: ConnectionFailed): void {
  const execution = describeFailure(now, error);
  job.lastExecution = execution;
  job.countSuccessiveCompleteFailures++;
  const beganAt = job.quarantine?.beganAt ?? now;
  const attempts = (job.quarantine?.attempts ?? 0) + 1;
  const nextAttemptAt = getNextAttempt(beganAt, attempts);
  job.quarantine = {
    reason: "EncounteredQuarantineException",
    error: execution.error as { code: string; message: string },
    beganAt,
    nextAttemptAt,
    attempts,
  };
  job.nextCycleAt = nextAttemptAt;
  if (Date.parse(now) - Date.parse(beganAt) < LONGEST_QUARANTINE_DAYS * 24 * 3600_000) return;
  job.state = "Disabled";
  delete job.nextCycleAt;
}
