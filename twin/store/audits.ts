import { randomUUID } from "node:crypto";
import { applicationByAppId } from "./registrations";
import type { Store } from "./store";
import type { DirectoryAudit, ServicePrincipal, Tenant, User } from "./tenant";

/** What was done, as {@link recordAudit} is told. */
export type Done = Pick<
  DirectoryAudit,
  "activityDisplayName" | "category" | "operationType" | "loggedByService"
> & { target: DirectoryAudit["targetResources"][number] };

/**
 * Writes the audit log of a tenant.
 *
 * @param by who did it: an application, or a user
 */
export function recordAudit(store: Store, tenant: Tenant, by: ServicePrincipal | User, done: Done): void {
  const { target, ...what } = done;
  const audit: DirectoryAudit = {
    id: randomUUID(),
    correlationId: randomUUID(),
    result: "success",
    resultReason: "",
    activityDateTime: store.now().toISOString(),
    ...what,
    initiatedBy:
      "userPrincipalName" in by ? { app: null, user: userOf(by) } : { app: appOf(tenant, by), user: null },
    targetResources: [target],
    additionalDetails: [],
  };
  tenant.directoryAudits.set(audit.id, audit);
}

const userOf = ({ id, displayName, userPrincipalName }: User) => ({
  id,
  displayName,
  userPrincipalName,
  ipAddress: "127.0.0.1",
});

const appOf = (tenant: Tenant, { id, appId }: ServicePrincipal) => ({
  appId,
  displayName: applicationByAppId(tenant, appId)?.displayName ?? null,
  servicePrincipalId: id,
  servicePrincipalName: null,
});
