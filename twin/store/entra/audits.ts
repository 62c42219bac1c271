import { randomUUID } from "node:crypto";
import type { Store } from "../store";
import { findApplicationByAppId } from "./registrations";
import type { DirectoryAudit, EntraTenant, ServicePrincipal, User } from "./tenant";

/** The part of an audit entry that describes the change. */
export type AuditedChange = Pick<
  DirectoryAudit,
  "activityDisplayName" | "category" | "operationType" | "loggedByService"
> & { targets: AuditTarget[] };

export type AuditTarget = DirectoryAudit["targetResources"][number];

/**
 * Adds an entry to a tenant's audit log.
 *
 * @param by the application or user that made the change
 */
export function recordAudit(
  store: Store,
  tenant: EntraTenant,
  by: ServicePrincipal | User,
  { targets, ...change }: AuditedChange,
): void {
  const audit: DirectoryAudit = {
    id: randomUUID(),
    correlationId: randomUUID(),
    result: "success",
    resultReason: "",
    activityDateTime: store.now().toISOString(),
    ...change,
    initiatedBy:
      "userPrincipalName" in by
        ? { app: null, user: describeUser(by) }
        : { app: describeApplication(tenant, by), user: null },
    targetResources: targets,
    additionalDetails: [],
  };
  tenant.directoryAudits.set(audit.id, audit);
}

const describeUser = ({ id, displayName, userPrincipalName }: User) => ({
  id,
  displayName,
  userPrincipalName,
  ipAddress: "127.0.0.1",
});

const describeApplication = (tenant: EntraTenant, { id, appId }: ServicePrincipal) => ({
  appId,
  displayName: findApplicationByAppId(tenant, appId)?.displayName ?? null,
  servicePrincipalId: id,
  servicePrincipalName: null,
});
