import type { SynchronizationJob } from "../store/entra/synchronization";
import type { EntraTenant } from "../store/entra/tenant";
import { findApplicationByAppId } from "../store/store";
import { createTable, type Details } from "./table";

/** Describes the jobs that provision users of a tenant. */
export function createJobTable(tenant: EntraTenant): Details {
  const jobs = [...tenant.servicePrincipals.values()].flatMap(({ appId, synchronization }) =>
    synchronization.jobs.map((job) => ({ application: findApplicationByAppId(tenant, appId), job })),
  );
  const quarantined = jobs.filter(({ job }) => job.quarantine).length;
  return createTable({
    title: "Provisioning",
    alert: quarantined > 0 ? `${quarantined} in quarantine` : undefined,
    columns: ["Application", "State", "Users and groups", "Last cycle", "Next cycle"],
    rows: jobs,
    cells: ({ application, job }) => [
      application?.displayName ?? "none",
      describeState(job),
      job.links.size,
      job.lastExecution ? `${job.lastExecution.state} at ${job.lastExecution.endedAt}` : "none",
      job.nextCycleAt ?? "none",
    ],
    empty: "No job: an application from the template, with credentials of a SCIM endpoint, can have one.",
  });
}

function describeState({ state, quarantine }: SynchronizationJob): string {
  return quarantine ? `quarantine since ${quarantine.beganAt}: ${quarantine.error.message}` : state;
}
