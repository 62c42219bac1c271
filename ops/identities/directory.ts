import type { Client } from "@microsoft/microsoft-graph-client";
import type { Application, AppRoleAssignment, DirectoryObject } from "@microsoft/microsoft-graph-types";
import { getRoleId } from "../../config/deployer/app-roles";
import type { FederatedCredential } from "../../config/deployer/issuers";
import { findServicePrincipal, MICROSOFT_GRAPH_ID } from "../clients/entra/service-principals";
import { listAllPages } from "../clients/pages";
import { UserError } from "../errors";
import type { ExistingIdentity, IdentityPlan } from "./plan";

export type Wait = (milliseconds: number) => Promise<unknown>;

/** Finds the object id of the service principal of Microsoft Graph. @throws UserError where there is none */
export async function findMicrosoftGraphId(graph: Client): Promise<string> {
  const found = await findServicePrincipal(graph, MICROSOFT_GRAPH_ID);
  if (!found)
    throw new UserError("the tenant must have the service principal of Microsoft Graph; found none");
  return String(found.id);
}

/** Reads an identity by its tag. @throws UserError where several applications have it */
export async function readIdentity(
  graph: Client,
  tag: string,
  microsoftGraphId: string,
): Promise<ExistingIdentity | undefined> {
  const filter = `tags/any(t:t eq '${tag}')`;
  const found = await listAllPages<Application>(graph, `/applications?$filter=${filter}`);
  const [application, second] = found;
  if (second)
    throw new UserError(`one application must have the tag "${tag}"; found ${found.length}`, [
      "Delete the others, or choose another --name.",
    ]);
  if (!application) return undefined;
  const objectId = String(application.id);
  const principal = await findServicePrincipal(graph, String(application.appId));
  const assignments = principal
    ? await listAllPages<AppRoleAssignment>(graph, `/servicePrincipals/${principal.id}/appRoleAssignments`)
    : [];
  const credentials = await listAllPages<FederatedCredential & { id: string }>(
    graph,
    `/applications/${objectId}/federatedIdentityCredentials`,
  );
  const owners = await listAllPages<DirectoryObject>(graph, `/applications/${objectId}/owners`);
  return {
    objectId,
    appId: String(application.appId),
    ...(principal ? { principalId: String(principal.id) } : {}),
    requested: (application.requiredResourceAccess ?? [])
      .filter(({ resourceAppId }) => resourceAppId === MICROSOFT_GRAPH_ID)
      .flatMap(({ resourceAccess }) => (resourceAccess ?? []).map(({ id }) => String(id))),
    granted: assignments
      .filter(({ resourceId }) => resourceId === microsoftGraphId)
      .map(({ id, appRoleId }) => ({ id: String(id), appRoleId: String(appRoleId) })),
    credentials,
    owners: owners.map(({ id }) => String(id)),
  };
}

/** Ids of an identity that exists. */
export interface IdentityIds {
  readonly objectId: string;
  readonly appId: string;
  readonly principalId: string;
}

/** Applies everything of a plan but consent. Safe to repeat after a failure: the next plan begins where this one ended. */
export async function applyPlan(
  graph: Client,
  plan: IdentityPlan,
  { removesOthers, wait }: { removesOthers: boolean; wait: Wait },
): Promise<IdentityIds> {
  const { desired, existing } = plan;
  const { objectId, appId } = existing ?? (await createApplication(graph, plan));
  const path = `/applications/${objectId}`;
  const retry = <T>(call: () => Promise<T>) => retryWhileUnknown(call, wait);
  const principalId =
    existing?.principalId ?? String((await retry(() => graph.api("/servicePrincipals").post({ appId }))).id);
  if (existing && plan.changesRequest)
    await graph.api(path).patch({ requiredResourceAccess: formatRequest(desired.permissions) });
  for (const id of plan.addedOwners)
    await graph.api(`${path}/owners/$ref`).post({ "@odata.id": formatReference(id) });
  for (const credential of plan.addedCredentials)
    await retry(() => graph.api(`${path}/federatedIdentityCredentials`).post(credential));
  if (removesOthers) {
    for (const { id } of plan.otherCredentials)
      await graph.api(`${path}/federatedIdentityCredentials/${id}`).delete();
    for (const { id } of plan.otherGrants)
      await graph.api(`/servicePrincipals/${plan.microsoftGraphId}/appRoleAssignedTo/${id}`).delete();
  }
  return { objectId, appId, principalId };
}

async function createApplication(
  graph: Client,
  { desired }: IdentityPlan,
): Promise<Pick<IdentityIds, "objectId" | "appId">> {
  const { displayName, description, tag, permissions, owners } = desired;
  const { id, appId } = await graph.api("/applications").post({
    displayName,
    description,
    signInAudience: "AzureADMyOrg",
    tags: [tag],
    requiredResourceAccess: formatRequest(permissions),
    ...(owners.length > 0 ? { "owners@odata.bind": owners.map(formatReference) } : {}),
  });
  return { objectId: id, appId };
}

const formatReference = (id: string) => `https://graph.microsoft.com/v1.0/directoryObjects/${id}`;

const formatRequest = (permissions: readonly string[]) => [
  {
    resourceAppId: MICROSOFT_GRAPH_ID,
    resourceAccess: permissions.map((name) => ({ id: getRoleId(name), type: "Role" })),
  },
];

/** Consents to the permissions of a plan. @returns false where the caller may not */
export async function grantPermissions(
  graph: Client,
  principalId: string,
  { grants, microsoftGraphId: resourceId }: IdentityPlan,
): Promise<boolean> {
  for (const name of grants) {
    const body = { principalId, resourceId, appRoleId: getRoleId(name) };
    try {
      await graph.api(`/servicePrincipals/${resourceId}/appRoleAssignedTo`).post(body);
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode === 403) return false;
      throw error;
    }
  }
  return true;
}

const RETRIES = 15;
const RETRY_MS = 2_000;

/** Repeats a call while the directory does not know a new object yet. */
async function retryWhileUnknown<T>(call: () => Promise<T>, wait: Wait): Promise<T> {
  for (let retries = RETRIES; ; retries--) {
    try {
      return await call();
    } catch (error) {
      const { statusCode, message } = error as { statusCode?: number; message: string };
      const isUnknown =
        statusCode === 404 || (statusCode === 400 && /does not exist|not found/i.test(message));
      if (!isUnknown || retries === 0) throw error;
      await wait(RETRY_MS);
    }
  }
}
