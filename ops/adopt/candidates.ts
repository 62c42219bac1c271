import type { Client } from "@microsoft/microsoft-graph-client";
import type {
  Application,
  AppRoleAssignment,
  DirectoryObject,
  OAuth2PermissionGrant,
  ServicePrincipal,
} from "@microsoft/microsoft-graph-types";
import { readConditionalAccessRoleId } from "../../config/graph-permissions";
import { formatRedirectUri } from "../../config/target";
import { type CloudflareIdentityProvider, namePermissions } from "../checks/context";
import { withoutNulls } from "../clients/account-access";
import type { Clouds } from "../clients/clouds";
import {
  findAdminConsent,
  findServicePrincipal,
  MICROSOFT_GRAPH_ID,
} from "../clients/entra/service-principals";
import { listAllPages } from "../clients/pages";

/** An identity provider of Access and its application in Entra. */
export interface AdoptionCandidate {
  readonly identityProvider: CloudflareIdentityProvider & { readonly id: string };
  readonly application: Application;
  readonly servicePrincipal: ServicePrincipal | undefined;
  /** The admin consent to permissions of Microsoft Graph. */
  readonly consent: OAuth2PermissionGrant | undefined;
  /** Assignments to the service principal, if it requires them; undefined if the deployer may not read them. */
  readonly assignments: readonly AppRoleAssignment[] | undefined;
  /**
   * The consent to the application permission Policy.Read.ConditionalAccess, in the form that the provider imports;
   * undefined if there is none or the identity provider loads no authentication contexts.
   */
  readonly conditionalAccessConsent: string | undefined;
  /** Requested permissions: the name of a delegated Microsoft Graph permission, or else `<name>:application` or `<API>/<id>`. */
  readonly permissions: readonly string[];
  /** Object ids. */
  readonly owners: { readonly application: readonly string[]; readonly servicePrincipal: readonly string[] };
}

export interface CandidateSearch {
  readonly teamName: string;
  readonly redirectUri: string;
  readonly candidates: readonly AdoptionCandidate[];
  /** Objects that are similar but no candidates, with the reason. */
  readonly similar: readonly string[];
}

/**
 * Finds what Microsoft's tutorial creates: identity providers of type `azureAD` for this tenant with their applications, and
 * applications with the team's redirect URI that no identity provider uses.
 */
export async function findCandidates(clouds: Clouds, tenantId: string): Promise<CandidateSearch> {
  const { graph, cloudflare, accountId: account_id } = clouds;
  const { auth_domain = "" } = await cloudflare.zeroTrust.organizations.list({ account_id });
  const redirectUri = formatRedirectUri(auth_domain);
  // Without a filter, because not every Microsoft cloud can filter by redirect URI.
  const applications = await listAllPages<Application>(graph, "/applications?$top=999");
  const microsoftGraph = await findServicePrincipal(graph, MICROSOFT_GRAPH_ID);

  const candidates: AdoptionCandidate[] = [];
  const similar: string[] = [];
  const used = new Set<unknown>();
  for await (const entry of cloudflare.zeroTrust.identityProviders.list({ account_id })) {
    const identityProvider = withoutNulls(entry) as AdoptionCandidate["identityProvider"];
    const { config, id, name, type } = identityProvider;
    if (type !== "azureAD") continue;
    const clientId = String(config.client_id).toLowerCase();
    used.add(clientId);
    const application = applications.find(({ appId }) => appId === clientId);
    if (String(config.directory_id).toLowerCase() !== tenantId.toLowerCase())
      similar.push(`identity provider "${name}" (${id}) is for tenant ${config.directory_id}`);
    else if (!application)
      similar.push(
        `identity provider "${name}" (${id}): its application ${config.client_id} is not in the tenant`,
      );
    else
      candidates.push({
        identityProvider,
        ...(await readApplicationDetails(clouds, application, identityProvider, microsoftGraph)),
      });
  }
  for (const { appId, displayName, web } of applications)
    if (web?.redirectUris?.includes(redirectUri) && !used.has(appId))
      similar.push(
        `application "${displayName}" (${appId}) has the team's redirect URI, but no identity provider uses it`,
      );
  return { teamName: auth_domain.split(".")[0] ?? "", redirectUri, candidates, similar };
}

async function readApplicationDetails(
  { graph }: Clouds,
  application: Application,
  { config }: CloudflareIdentityProvider,
  microsoftGraph: ServicePrincipal | undefined,
): Promise<Omit<AdoptionCandidate, "identityProvider">> {
  const servicePrincipal = await findServicePrincipal(graph, String(application.appId));
  const listOwners = async (path: string) =>
    (await listAllPages<DirectoryObject>(graph, `${path}/owners`)).map(({ id }) => String(id)).sort();
  return {
    application,
    servicePrincipal,
    consent: servicePrincipal && (await findAdminConsent(graph, servicePrincipal, microsoftGraph)),
    assignments: servicePrincipal?.appRoleAssignmentRequired
      ? await listAssignments(graph, servicePrincipal, "appRoleAssignedTo")
      : [],
    conditionalAccessConsent:
      servicePrincipal && config.conditional_access_enabled === true
        ? await findConditionalAccessConsent(graph, servicePrincipal)
        : undefined,
    permissions: namePermissions(application, microsoftGraph ?? {}),
    owners: {
      application: await listOwners(`/applications/${application.id}`),
      servicePrincipal: servicePrincipal ? await listOwners(`/servicePrincipals/${servicePrincipal.id}`) : [],
    },
  };
}

async function findConditionalAccessConsent(graph: Client, servicePrincipal: ServicePrincipal) {
  const granted = await listAssignments(graph, servicePrincipal, "appRoleAssignments");
  const consent = granted?.find(({ appRoleId }) => appRoleId === readConditionalAccessRoleId);
  return consent && `/servicePrincipals/${consent.resourceId}/appRoleAssignedTo/${consent.id}`;
}

/** Lists who is assigned to a service principal, or its own assignments; undefined if the deployer may not read that. */
async function listAssignments(
  graph: Client,
  { id }: ServicePrincipal,
  relation: "appRoleAssignedTo" | "appRoleAssignments",
): Promise<AppRoleAssignment[] | undefined> {
  return listAllPages<AppRoleAssignment>(graph, `/servicePrincipals/${id}/${relation}`).catch(
    (error: { statusCode?: number }) => {
      if (error.statusCode === 403) return undefined;
      throw error;
    },
  );
}

/** Describes the client secrets that an application has, which nobody can read. */
export function describeSecrets({ application }: AdoptionCandidate): string[] {
  return (application.passwordCredentials ?? []).map(
    ({ displayName, keyId, hint, endDateTime }) =>
      `client secret "${displayName ?? ""}" (${keyId}, begins with ${hint}, expires ${endDateTime}): its value cannot be read`,
  );
}
