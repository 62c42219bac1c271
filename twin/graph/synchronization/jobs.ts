import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { ServicePrincipal, SynchronizationJob } from "../../store/tenant";
import {
  type BodyRules,
  type GraphCall,
  type GraphOperation,
  NOT_SERVED,
  readBody,
  type WireObject,
} from "../call";
import { GraphError, graphNotServed } from "../errors";
import { formatCollection, formatEntity } from "../query";
import { findChangeablePrincipal, findSynchronizedPrincipal } from "./secrets";

const newJob = z.strictObject({
  "@odata.type": z.literal("#microsoft.graph.synchronizationJob").optional(),
  templateId: z
    .string()
    .refine((id) => id === "scim", { error: `${NOT_SERVED}a synchronization template other than scim` }),
});

const rules: BodyRules = {
  type: "SynchronizationJob",
  readOnly: ["id", "status"],
  notServed: ["schedule", "schema", "synchronizationJobSettings", "bulkUpload"],
};

/**
 * Operations on provisioning jobs. They can be started and paused, but never run, so no user is provisioned.
 *
 * Sources: https://learn.microsoft.com/graph/api/synchronization-synchronization-post-jobs, `-list-jobs`,
 * `synchronization-synchronizationjob-get`, `-delete`, `-start`, `-pause`
 */
export const jobOperations: GraphOperation[] = [
  {
    call: "GET /servicePrincipals/{id}/synchronization/jobs",
    handle(call) {
      const principal = findSynchronizedPrincipal(call);
      const wires = principal.synchronization.jobs.map((job) => toJobWire(principal, job));
      return { status: 200, body: formatCollection(call, getType(principal), wires) };
    },
  },
  {
    call: "POST /servicePrincipals/{id}/synchronization/jobs",
    async handle(call) {
      const principal = findChangeablePrincipal(call);
      const { templateId } = await readBody(call, newJob, rules);
      if (principal.applicationTemplateId === null) {
        throw graphNotServed(call.c.req, "an application that was not created from a template");
      }
      if (principal.synchronization.jobs.length > 0) throw graphNotServed(call.c.req, "a second job");
      const id = [templateId, call.tenant.id.replaceAll("-", ""), randomUUID()].join(".");
      const job: SynchronizationJob = { id, templateId, state: "Disabled" };
      principal.synchronization.jobs.push(job);
      return { status: 201, body: formatEntity(call, getType(principal), toJobWire(principal, job)) };
    },
  },
  {
    call: "GET /servicePrincipals/{id}/synchronization/jobs/{jobId}",
    handle(call) {
      const principal = findSynchronizedPrincipal(call);
      return {
        status: 200,
        body: formatEntity(call, getType(principal), toJobWire(principal, findJob(call, principal))),
      };
    },
  },
  {
    call: "DELETE /servicePrincipals/{id}/synchronization/jobs/{jobId}",
    handle(call) {
      const { synchronization } = findChangeablePrincipal(call);
      const removed = findJob(call, { synchronization });
      synchronization.jobs = synchronization.jobs.filter((job) => job !== removed);
      return { status: 204 };
    },
  },
  {
    call: "POST /servicePrincipals/{id}/synchronization/jobs/{jobId}/start",
    handle(call) {
      const principal = findChangeablePrincipal(call);
      const job = findJob(call, principal);
      if (!isConfigured(principal)) throw graphNotServed(call.c.req, "a job without credentials");
      job.state = "Active";
      return { status: 204 };
    },
  },
  {
    call: "POST /servicePrincipals/{id}/synchronization/jobs/{jobId}/pause",
    handle(call) {
      const job = findJob(call, findChangeablePrincipal(call));
      if (job.state === "Disabled") throw graphNotServed(call.c.req, "a job that was never started");
      job.state = "Paused";
      return { status: 204 };
    },
  },
];

const getType = ({ id }: ServicePrincipal) => `servicePrincipals('${id}')/synchronization/jobs`;

function findJob(
  call: GraphCall,
  { synchronization }: Pick<ServicePrincipal, "synchronization">,
): SynchronizationJob {
  const id = call.c.req.param("jobId");
  const job = synchronization.jobs.find((each) => each.id === id);
  if (!job) throw new GraphError(404, "ResourceNotFound", `Synchronization job ${id} not found.`);
  return job;
}

const isConfigured = ({ synchronization }: ServicePrincipal) =>
  ["BaseAddress", "SecretToken"].every((required) =>
    synchronization.secrets.some(({ key }) => key === required),
  );

/** https://learn.microsoft.com/graph/api/resources/synchronization-synchronizationjob */
function toJobWire(principal: ServicePrincipal, { id, templateId, state }: SynchronizationJob): WireObject {
  const code = {
    Disabled: isConfigured(principal) ? "NotRun" : "NotConfigured",
    Active: "NotRun",
    Paused: "Paused",
  };
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
      code: code[state],
      countSuccessiveCompleteFailures: 0,
      escrowsPruned: false,
      lastExecution: null,
      lastSuccessfulExecution: null,
      lastSuccessfulExecutionWithExports: null,
      progress: [],
      quarantine: null,
      steadyStateFirstAchievedTime: NEVER,
      steadyStateLastAchievedTime: NEVER,
      synchronizedEntryCountByType: [],
      troubleshootingUrl: null,
    },
    synchronizationJobSettings: [],
  };
}

const NEVER = "0001-01-01T00:00:00Z";
