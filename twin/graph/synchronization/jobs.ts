import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { ServicePrincipal, SynchronizationJob } from "../../store/tenant";
import { type BodyRules, type Call, NOT_JUDGED, type Operation, readBody } from "../call";
import { GraphError, notServed } from "../errors";
import { collection, entity, type Wire } from "../query";
import { changeable, principalAt } from "./secrets";

const newJob = z.strictObject({
  "@odata.type": z.literal("#microsoft.graph.synchronizationJob").optional(),
  templateId: z
    .string()
    .refine((id) => id === "scim", { error: `${NOT_JUDGED}a synchronization template other than scim` }),
});

const rules: BodyRules = {
  type: "SynchronizationJob",
  readOnly: ["id", "status"],
  notJudged: ["schedule", "schema", "synchronizationJobSettings", "bulkUpload"],
};

/**
 * Provisioning jobs. They are kept, started and paused; no one is provisioned, so a job stays as if before its first run.
 *
 * Sources: https://learn.microsoft.com/graph/api/synchronization-synchronization-post-jobs, `-list-jobs`,
 * `synchronization-synchronizationjob-get`, `-delete`, `-start`, `-pause`
 */
export const jobOperations: Operation[] = [
  {
    call: "GET /servicePrincipals/{id}/synchronization/jobs",
    handle(call) {
      const principal = principalAt(call);
      const wires = principal.synchronization.jobs.map((job) => jobWire(principal, job));
      return { status: 200, body: collection(call, typeOf(principal), wires) };
    },
  },
  {
    call: "POST /servicePrincipals/{id}/synchronization/jobs",
    async handle(call) {
      const principal = changeable(call);
      const { templateId } = await readBody(call, newJob, rules);
      if (principal.applicationTemplateId === null) {
        throw notServed("POST", call.c.req.path, "an application that was not made from a template");
      }
      if (principal.synchronization.jobs.length > 0) throw notServed("POST", call.c.req.path, "a second job");
      const id = [templateId, call.tenant.id.replaceAll("-", ""), randomUUID()].join(".");
      const job: SynchronizationJob = { id, templateId, state: "Disabled" };
      principal.synchronization.jobs.push(job);
      return { status: 201, body: entity(call, typeOf(principal), jobWire(principal, job)) };
    },
  },
  {
    call: "GET /servicePrincipals/{id}/synchronization/jobs/{jobId}",
    handle(call) {
      const principal = principalAt(call);
      return {
        status: 200,
        body: entity(call, typeOf(principal), jobWire(principal, jobAt(call, principal))),
      };
    },
  },
  {
    call: "DELETE /servicePrincipals/{id}/synchronization/jobs/{jobId}",
    handle(call) {
      const { synchronization } = changeable(call);
      const gone = jobAt(call, { synchronization });
      synchronization.jobs = synchronization.jobs.filter((job) => job !== gone);
      return { status: 204 };
    },
  },
  {
    call: "POST /servicePrincipals/{id}/synchronization/jobs/{jobId}/start",
    handle(call) {
      const principal = changeable(call);
      const job = jobAt(call, principal);
      if (!isConfigured(principal)) throw notServed("POST", call.c.req.path, "a job without credentials");
      job.state = "Active";
      return { status: 204 };
    },
  },
  {
    call: "POST /servicePrincipals/{id}/synchronization/jobs/{jobId}/pause",
    handle(call) {
      const job = jobAt(call, changeable(call));
      if (job.state === "Disabled") throw notServed("POST", call.c.req.path, "a job that was never started");
      job.state = "Paused";
      return { status: 204 };
    },
  },
];

const typeOf = ({ id }: ServicePrincipal) => `servicePrincipals('${id}')/synchronization/jobs`;

function jobAt(
  call: Call,
  { synchronization }: Pick<ServicePrincipal, "synchronization">,
): SynchronizationJob {
  const id = call.c.req.param("jobId");
  const found = synchronization.jobs.find((job) => job.id === id);
  if (!found) throw new GraphError(404, "ResourceNotFound", `Synchronization job ${id} not found.`);
  return found;
}

const isConfigured = ({ synchronization }: ServicePrincipal) =>
  ["BaseAddress", "SecretToken"].every((wanted) => synchronization.secrets.some(({ key }) => key === wanted));

/** https://learn.microsoft.com/graph/api/resources/synchronization-synchronizationjob */
function jobWire(principal: ServicePrincipal, { id, templateId, state }: SynchronizationJob): Wire {
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
      // Of a job that was never started, Graph says the longest time it can say.
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
