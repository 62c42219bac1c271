import { randomUUID } from "node:crypto";
import { z } from "zod";
import { CREDENTIAL_ERROR } from "../../provisioning/cycle";
import { provisionOnDemand } from "../../provisioning/on-demand";
import { ConnectionFailed, ExportFailed, ScimClient } from "../../provisioning/scim-client";
import { createSynchronizationJob, type SynchronizationJob } from "../../store/entra/synchronization";
import type { ServicePrincipal } from "../../store/entra/tenant";
import {
  type BodyRules,
  findChangeablePrincipal,
  findServicePrincipal,
  type GraphCall,
  type GraphOperation,
  NOT_SERVED,
  readBody,
} from "../call";
import { badRequest, GraphError, graphNotServed } from "../errors";
import { formatCollection, formatEntity } from "../query";
import { isConfigured, toJobWire } from "./job-wire";
import { getRuleId, toSchemaWire, toTemplateWire } from "./schema-wire";
import { credentialsSchema } from "./secrets";

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

/** https://learn.microsoft.com/graph/api/resources/synchronization-synchronizationjobrestartcriteria */
const RESTART_SCOPES = ["Watermark", "Escrows", "QuarantineState", "Full"];

const restart = z.strictObject({
  criteria: z.strictObject({
    resetScope: z
      .string()
      .transform((text) => text.split(",").map((scope) => scope.trim()))
      .refine((scopes) => scopes.every((scope) => RESTART_SCOPES.includes(scope)), {
        error: `${NOT_SERVED}scopes other than ${RESTART_SCOPES.join(", ")}`,
      }),
  }),
});

/** https://learn.microsoft.com/graph/api/resources/synchronization-synchronizationjobapplicationparameters */
const onDemand = z.strictObject({
  parameters: z
    .array(
      z.strictObject({
        ruleId: z.string(),
        subjects: z
          .array(
            z.strictObject({
              objectId: z.string(),
              objectTypeName: z
                .string()
                .refine((type) => type === "User", { error: `${NOT_SERVED}groups on demand` }),
            }),
          )
          .length(1, { error: `${NOT_SERVED}several subjects` }),
      }),
    )
    .length(1, { error: `${NOT_SERVED}several parameters` }),
});

const validation = z.strictObject({
  useSavedCredentials: z.boolean().optional(),
  credentials: credentialsSchema.optional(),
});

/**
 * Operations on provisioning jobs, whose cycles `twin/provisioning` runs.
 *
 * Sources: https://learn.microsoft.com/graph/api/synchronization-synchronization-post-jobs, `-list-jobs`,
 * `synchronization-synchronizationjob-get`, `-delete`, `-start`, `-pause`, `-restart`, `-validatecredentials`,
 * `-provisionondemand`, `synchronization-synchronizationschema-get`, `synchronization-synchronization-list-templates`
 */
export const jobOperations: GraphOperation[] = [
  {
    call: "GET /servicePrincipals/{id}/synchronization/jobs",
    handle(call) {
      const principal = findServicePrincipal(call);
      const wires = principal.synchronization.jobs.map((job) => toJobWire(principal, job));
      return formatCollection(call, getType(principal), wires);
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
      const job = createSynchronizationJob(id, templateId);
      principal.synchronization.jobs.push(job);
      return formatEntity(call, getType(principal), toJobWire(principal, job));
    },
  },
  {
    call: "GET /servicePrincipals/{id}/synchronization/jobs/{jobId}",
    handle(call) {
      const principal = findServicePrincipal(call);
      return formatEntity(call, getType(principal), toJobWire(principal, findJob(call, principal)));
    },
  },
  {
    call: "DELETE /servicePrincipals/{id}/synchronization/jobs/{jobId}",
    handle(call) {
      const { synchronization } = findChangeablePrincipal(call);
      const removed = findJob(call, { synchronization });
      synchronization.jobs = synchronization.jobs.filter((job) => job !== removed);
      return null;
    },
  },
  {
    call: "POST /servicePrincipals/{id}/synchronization/jobs/{jobId}/start",
    handle(call) {
      const principal = findChangeablePrincipal(call);
      const job = findJob(call, principal);
      if (job.state !== "Active") runNow(call, principal, job);
      return null;
    },
  },
  {
    call: "POST /servicePrincipals/{id}/synchronization/jobs/{jobId}/pause",
    handle(call) {
      const job = findJob(call, findChangeablePrincipal(call));
      if (job.state === "Disabled") throw graphNotServed(call.c.req, "a job that was never started");
      job.state = "Paused";
      delete job.nextCycleAt;
      return null;
    },
  },
  {
    call: "POST /servicePrincipals/{id}/synchronization/jobs/{jobId}/restart",
    async handle(call) {
      const principal = findChangeablePrincipal(call);
      const job = findJob(call, principal);
      const { criteria } = await readBody(call, restart, {
        ...rules,
        type: "SynchronizationJobRestartCriteria",
      });
      const resets = (scope: string) => [scope, "Full"].some((one) => criteria.resetScope.includes(one));
      if (resets("Escrows")) job.escrows.clear();
      if (resets("QuarantineState")) delete job.quarantine;
      runNow(call, principal, job);
      return null;
    },
  },
  {
    call: "POST /servicePrincipals/{id}/synchronization/jobs/{jobId}/validateCredentials",
    async handle(call) {
      const principal = findChangeablePrincipal(call);
      findJob(call, principal);
      const sent = await readBody(call, validation, { ...rules, type: "ValidateCredentials" });
      const secrets = sent.useSavedCredentials ? principal.synchronization.secrets : (sent.credentials ?? []);
      const client = new ScimClient(call.store, secrets);
      try {
        await client.test();
      } catch (error) {
        if (!(error instanceof ConnectionFailed || error instanceof ExportFailed)) throw error;
        throw new GraphError(400, CREDENTIAL_ERROR, error.message);
      } finally {
        await client.close();
      }
      return null;
    },
  },
  {
    call: "GET /servicePrincipals/{id}/synchronization/jobs/{jobId}/schema",
    handle(call) {
      const principal = findServicePrincipal(call);
      const job = findJob(call, principal);
      return formatEntity(call, `${getType(principal)}('${job.id}')/schema`, toSchemaWire(job));
    },
  },
  {
    call: "GET /servicePrincipals/{id}/synchronization/templates",
    handle(call) {
      const principal = findServicePrincipal(call);
      const isFromTemplate = principal.applicationTemplateId !== null;
      const wires = isFromTemplate ? [toTemplateWire(principal.appId)] : [];
      const type = `servicePrincipals('${principal.id}')/synchronization/templates`;
      return formatCollection(call, type, wires);
    },
  },
  {
    call: "POST /servicePrincipals/{id}/synchronization/jobs/{jobId}/provisionOnDemand",
    status: 200,
    async handle(call) {
      const principal = findChangeablePrincipal(call);
      const job = findJob(call, principal);
      const { parameters } = await readBody(call, onDemand, { ...rules, type: "ProvisionOnDemand" });
      const [parameter] = parameters;
      if (parameter?.ruleId !== getRuleId(job)) throw badRequest(`Rule ${parameter?.ruleId} was not found.`);
      const [subject] = parameter.subjects;
      const user = call.tenant.users.get(subject?.objectId ?? "");
      if (!user) throw badRequest(`User ${subject?.objectId} was not found.`);
      const done = await provisionOnDemand(call.store, call.tenant, { principal, job, user });
      return formatEntity(call, "stringKeyStringValuePair", done);
    },
  },
];

/** Starts the job with a cycle that is due at once. */
function runNow({ c, store }: GraphCall, principal: ServicePrincipal, job: SynchronizationJob): void {
  if (!isConfigured(principal)) throw graphNotServed(c.req, "a job without credentials");
  job.state = "Active";
  job.nextCycleAt = store.now().toISOString();
}

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
