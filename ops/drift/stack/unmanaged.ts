import type { Application, AppRoleAssignment, OAuth2PermissionGrant } from "@microsoft/microsoft-graph-types";
import type { DeployerClouds } from "../../clients/deployer";
import { listAllPages } from "../../clients/pages";
import {
  checkClientSecrets,
  listClientSecrets,
  listStackMarks,
} from "../../recovery/client-secrets/client-secrets";
import { readApplicationIds, type TenantState } from "../../recovery/tenant-state";
import { addChangedBy, createUncheckedPart, type UncheckedPart, type UnmanagedObject } from "../report";
import type { DirectoryAuditLog } from "./directory-audit-log";

interface UnmanagedObjects {
  readonly objects: readonly UnmanagedObject[];
  readonly unchecked: readonly UncheckedPart[];
}

type Found = Promise<{ id: unknown; name: string | null | undefined }[]>;

/** Finds objects that belong to the stack's application but to no resource, so that no preview shows them. */
export async function findUnmanagedObjects(
  { graph, entra }: DeployerClouds,
  { known, mark, log }: { known: TenantState; mark: string; log: DirectoryAuditLog },
): Promise<UnmanagedObjects> {
  const application = readApplicationIds(known);
  const principal = known.resources.get("servicePrincipal")?.outputs?.objectId as string | undefined;
  if (!application || !principal) return { objects: [], unchecked: [] };

  const findClientSecrets = async (): Found => {
    const all = await listClientSecrets(graph, application, listStackMarks(mark, known));
    const evidence = { all, state: known, mark, deployed: known.deployed, now: entra.now() };
    const unmanaged = checkClientSecrets(evidence).filter(({ kind }) =>
      ["added by hand", "orphaned"].includes(kind),
    );
    return unmanaged.map(({ keyId: id }) => ({
      id,
      name: all.find(({ keyId }) => keyId === id)?.displayName,
    }));
  };
  const findCertificates = async (): Found => {
    const path = `/applications/${application.id}?$select=keyCredentials`;
    const { keyCredentials }: Application = await graph.api(path).get();
    return (keyCredentials ?? []).map(({ keyId: id, displayName: name }) => ({ id, name }));
  };
  const findConsents = async (): Found => {
    const path = `/oauth2PermissionGrants?$filter=clientId eq '${principal}'`;
    const own = known.resources.get("consent")?.id?.split("/").at(-1);
    const others = (await listAllPages<OAuth2PermissionGrant>(graph, path)).filter(({ id }) => id !== own);
    return others.map(({ id, scope, principalId }) => ({
      id,
      name: `${scope?.trim()}${principalId ? ` of user ${principalId}` : ""}`,
    }));
  };
  const findPermissions = async (): Found => {
    const path = `/servicePrincipals/${principal}/appRoleAssignments`;
    const all = await listAllPages<AppRoleAssignment>(graph, path);
    const others = all.filter(({ id }) => id !== known.conditionalAccessConsent);
    return others.map(({ id, appRoleId, resourceDisplayName }) => ({
      id,
      name: `${resourceDisplayName} ${appRoleId}`,
    }));
  };

  const { provisioning } = known;
  const findProvisioned = async (): Found => {
    if (!provisioning) return [];
    const path = `/servicePrincipals/${provisioning.servicePrincipalObjectId}/appRoleAssignedTo`;
    const all = await listAllPages<AppRoleAssignment>(graph, path);
    const others = all.filter(({ id }) => !provisioning.assignmentIds.includes(String(id)));
    return others.map(({ id, principalDisplayName: name }) => ({ id, name }));
  };

  const kinds = [
    ["client secret", findClientSecrets, application.id],
    ["certificate", findCertificates, application.id],
    ["consent", findConsents, principal],
    ["application permission", findPermissions, principal],
    ["assignment for provisioning", findProvisioned, provisioning?.servicePrincipalObjectId ?? principal],
  ] as const;
  const results = await Promise.all(
    kinds.map(async ([kind, find, target]): Promise<UnmanagedObjects> => {
      try {
        const objects = (await find()).map(({ id, name }) => ({ kind, id: String(id), name: name ?? "" }));
        const changedBy = objects.length > 0 ? await log.read(target) : [];
        return { objects: objects.map((object) => addChangedBy(object, changedBy)), unchecked: [] };
      } catch (error) {
        // The preview already reports an application that is deleted or invisible.
        if ((error as { statusCode?: number }).statusCode === 404) return { objects: [], unchecked: [] };
        const permission = "Directory.Read.All";
        return { objects: [], unchecked: [createUncheckedPart(`every ${kind}`, error, permission)] };
      }
    }),
  );
  return {
    objects: results.flatMap(({ objects }) => objects),
    unchecked: results.flatMap(({ unchecked }) => unchecked),
  };
}
