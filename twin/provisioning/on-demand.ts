import { randomUUID } from "node:crypto";
import type { SynchronizationJob } from "../store/entra/synchronization";
import type { EntraTenant, ServicePrincipal, User } from "../store/entra/tenant";
import type { Store } from "../store/store";
import { Cycle } from "./cycle";
import { ConnectionFailed, ExportFailed, ScimClient } from "./scim-client";

/** The outcome in words of Entra, with the reason if nothing was done. */
interface Outcome {
  readonly result: "Success" | "Skipped" | "Failure";
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

const NOT_IN_SCOPE = {
  result: "Skipped",
  errorCode: "NotEffectivelyEntitled",
  errorMessage: "The user is not assigned to the application, and the target system does not have the user.",
} as const;
const REDUNDANT = {
  result: "Skipped",
  errorCode: "RedundantExport",
  errorMessage: "The state of the user in both the source and target systems already match.",
} as const;

/**
 * Provisions one user at once, beside the cycles of the job.
 *
 * @returns the two texts of Graph's answer, which are JSON:
 * https://learn.microsoft.com/graph/api/synchronization-synchronizationjob-provisionondemand
 */
export async function provisionOnDemand(
  store: Store,
  tenant: EntraTenant,
  { principal, job, user }: { principal: ServicePrincipal; job: SynchronizationJob; user: User },
): Promise<{ key: string; value: string }> {
  const client = new ScimClient(store, principal.synchronization.secrets);
  const known = job.links.has(user.id);
  let outcome: Outcome;
  try {
    await client.test();
    const exported = await new Cycle(store, tenant, principal, job, client).provisionOne(user);
    outcome = exported === undefined ? NOT_IN_SCOPE : exported === 0 ? REDUNDANT : { result: "Success" };
  } catch (error) {
    if (!(error instanceof ConnectionFailed || error instanceof ExportFailed)) throw error;
    outcome = { result: "Failure", errorCode: "EntryExportFailed", errorMessage: error.message };
  } finally {
    await client.close();
  }
  const { result, ...details } = outcome;
  const time = store.now().toISOString();
  const value = {
    action: result === "Success" ? (known ? "Update" : "Create") : "Other",
    changeId: randomUUID(),
    startTime: time,
    endTime: time,
    provisioningSteps: describeSteps(outcome, user, time),
    reportableIdentifier: user.userPrincipalName,
    statusInfo: { status: result },
    sourceIdentity: { id: user.id, type: "User" },
    sourceSystem: { name: "Azure Active Directory" },
    targetIdentity: { id: job.links.get(user.id)?.targetId ?? null, type: "User" },
    targetSystem: { name: "customappsso" },
  };
  return { key: JSON.stringify({ result, details }), value: JSON.stringify(value) };
}

function describeSteps(outcome: Outcome, { userPrincipalName: name }: User, timestamp: string) {
  const isInScope = outcome.errorCode !== NOT_IN_SCOPE.errorCode;
  const steps = [
    ["EntryImport", "Import", "Success", `Retrieved User '${name}' from Azure Active Directory`],
    [
      "EntrySynchronizationScoping",
      "Scoping",
      isInScope ? "Success" : "Skipped",
      "Determine if User in scope",
    ],
    ...(isInScope
      ? [["EntryExport", "Export", outcome.result, outcome.errorMessage ?? `Exported User '${name}'`]]
      : []),
  ];
  return steps.map(([step, type, status, description]) => ({
    name: step,
    type,
    status,
    description,
    timestamp,
  }));
}
