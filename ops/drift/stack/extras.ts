import type { Application, AppRoleAssignment, OAuth2PermissionGrant } from "@microsoft/microsoft-graph-types";
import type { DeployerClouds } from "../../clients/deployer";
import { listAllPages } from "../../clients/pages";
import { checkClientSecrets, listClientSecrets } from "../../recovery/client-secrets";
import { readApplicationIds, type TenantState } from "../../recovery/tenant-state";
import { type Gap, gapOf, type Unowned, withTraces } from "../report";
import type { AuditLog } from "./audit";

interface Found {
  readonly unowned: readonly Unowned[];
  readonly gaps: readonly Gap[];
}

/** What hangs on the stack's application and no preview shows, because no resource of the stack holds it. */
export async function extrasOf(
  { graph, entra }: DeployerClouds,
  { known, mark, log }: { known: TenantState; mark: string; log: AuditLog },
): Promise<Found> {
  const application = readApplicationIds(known);
  const principal = known.resources.get("servicePrincipal")?.outputs?.objectId as string | undefined;
  if (!application || !principal) return { unowned: [], gaps: [] };

  const secrets = async (): Promise<Unowned[]> => {
    const all = await listClientSecrets(graph, application, mark);
    const evidence = { all, state: known, mark, deployed: known.deployed, now: entra.now() };
    const found = checkClientSecrets(evidence).filter(({ kind }) =>
      ["added by hand", "orphaned"].includes(kind),
    );
    return found.map(({ keyId: id }) => ({
      kind: "client secret",
      id,
      name: all.find(({ keyId }) => keyId === id)?.displayName ?? "",
    }));
  };
  const certificates = async (): Promise<Unowned[]> => {
    const path = `/applications/${application.id}?$select=keyCredentials`;
    const { keyCredentials }: Application = await graph.api(path).get();
    return (keyCredentials ?? []).map(({ keyId, displayName }) => ({
      kind: "certificate",
      id: String(keyId),
      name: displayName ?? "",
    }));
  };
  const consents = async (): Promise<Unowned[]> => {
    const path = `/oauth2PermissionGrants?$filter=clientId eq '${principal}'`;
    const own = known.resources.get("consent")?.id?.split("/").at(-1);
    const others = (await listAllPages<OAuth2PermissionGrant>(graph, path)).filter(({ id }) => id !== own);
    return others.map(({ id, scope, principalId }) => ({
      kind: "consent",
      id: String(id),
      name: `${scope?.trim()}${principalId ? ` of user ${principalId}` : ""}`,
    }));
  };
  const permissions = async (): Promise<Unowned[]> => {
    const all = await listAllPages<AppRoleAssignment>(
      graph,
      `/servicePrincipals/${principal}/appRoleAssignments`,
    );
    return all.map(({ id, appRoleId, resourceDisplayName }) => ({
      kind: "application permission",
      id: String(id),
      name: `${resourceDisplayName} ${appRoleId}`,
    }));
  };

  const looks = [
    ["credentials of the application", secrets, application.id],
    ["certificates of the application", certificates, application.id],
    ["consents", consents, principal],
    ["application permissions", permissions, principal],
  ] as const;
  const found = await Promise.all(
    looks.map(async ([what, look, target]): Promise<Found> => {
      try {
        const unowned = await look();
        const changedBy = unowned.length > 0 ? await log.of(target) : [];
        return { unowned: unowned.map((one) => withTraces(one, changedBy)), gaps: [] };
      } catch (error) {
        // Whoever may not see the application at all is told so once, by the preview.
        if ((error as { statusCode?: number }).statusCode === 404) return { unowned: [], gaps: [] };
        return { unowned: [], gaps: [gapOf(what, error, "Application.Read.All, Directory.Read.All")] };
      }
    }),
  );
  return { unowned: found.flatMap(({ unowned }) => unowned), gaps: found.flatMap(({ gaps }) => gaps) };
}
