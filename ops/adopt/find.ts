import type {
  Application,
  DirectoryObject,
  OAuth2PermissionGrant,
  ServicePrincipal,
} from "@microsoft/microsoft-graph-types";
import { type CloudflareIdentityProvider, namePermissions } from "../checks/context";
import type { Clouds } from "../clients/clouds";
import { everyPage } from "../clients/pages";

/** An identity provider of Access and the application that it signs in with. */
export interface Candidate {
  readonly identityProvider: CloudflareIdentityProvider & { readonly id: string };
  readonly application: Application;
  readonly servicePrincipal: ServicePrincipal | undefined;
  /** Consent for everybody in the tenant to permissions of Microsoft Graph. */
  readonly consent: OAuth2PermissionGrant | undefined;
  /** What the application asks for: names, or `<API>/<id>` for what is no delegated permission of Microsoft Graph. */
  readonly permissions: readonly string[];
  /** Object ids. */
  readonly owners: { readonly application: readonly string[]; readonly servicePrincipal: readonly string[] };
}

export interface Found {
  readonly teamName: string;
  readonly redirectUri: string;
  readonly candidates: readonly Candidate[];
  /** What looks alike and is no candidate, with the reason. */
  readonly others: readonly string[];
}

const MICROSOFT_GRAPH = "00000003-0000-0000-c000-000000000000";

/**
 * What the tutorial makes, in both clouds: identity providers of type `azureAD` for this tenant, and the applications
 * that they sign in with; also applications that have the redirect URI of the team and that no identity provider uses.
 */
export async function find(clouds: Clouds, tenantId: string): Promise<Found> {
  const { graph, cloudflare, accountId: account_id } = clouds;
  const { auth_domain = "" } = await cloudflare.zeroTrust.organizations.list({ account_id });
  const redirectUri = `https://${auth_domain}/cdn-cgi/access/callback`;
  // All of them: not every cloud of Microsoft's filters by redirect URI.
  const applications = await everyPage<Application>(graph, "/applications?$top=999");
  const [microsoftGraph] = await everyPage<ServicePrincipal>(
    graph,
    `/servicePrincipals?$filter=appId eq '${MICROSOFT_GRAPH}'`,
  );

  const candidates: Candidate[] = [];
  const others: string[] = [];
  const used = new Set<unknown>();
  for await (const entry of cloudflare.zeroTrust.identityProviders.list({ account_id })) {
    const identityProvider = entry as unknown as Candidate["identityProvider"];
    const { config, id, name, type } = identityProvider;
    if (type !== "azureAD") continue;
    used.add(config.client_id);
    const application = applications.find(({ appId }) => appId === config.client_id);
    if (String(config.directory_id).toLowerCase() !== tenantId.toLowerCase())
      others.push(`identity provider "${name}" (${id}) is for tenant ${config.directory_id}`);
    else if (!application)
      others.push(`identity provider "${name}" (${id}): the tenant has no application ${config.client_id}`);
    else candidates.push({ identityProvider, ...(await around(clouds, application, microsoftGraph)) });
  }
  for (const { appId, displayName, web } of applications)
    if (web?.redirectUris?.includes(redirectUri) && !used.has(appId))
      others.push(
        `application "${displayName}" (${appId}) has the redirect URI, and no identity provider uses it`,
      );
  return { teamName: auth_domain.split(".")[0] ?? "", redirectUri, candidates, others };
}

async function around(
  { graph }: Clouds,
  application: Application,
  microsoftGraph: ServicePrincipal | undefined,
): Promise<Omit<Candidate, "identityProvider">> {
  const [servicePrincipal] = await everyPage<ServicePrincipal>(
    graph,
    `/servicePrincipals?$filter=appId eq '${application.appId}'`,
  );
  const consents = servicePrincipal
    ? await everyPage<OAuth2PermissionGrant>(
        graph,
        `/oauth2PermissionGrants?$filter=clientId eq '${servicePrincipal.id}'`,
      )
    : [];
  const ownersOf = async (path: string) =>
    (await everyPage<DirectoryObject>(graph, `${path}/owners`)).map(({ id }) => String(id)).sort();
  return {
    application,
    servicePrincipal,
    consent: consents.find(
      ({ consentType, resourceId }) => consentType === "AllPrincipals" && resourceId === microsoftGraph?.id,
    ),
    permissions: namePermissions(application, microsoftGraph ?? {}),
    owners: {
      application: await ownersOf(`/applications/${application.id}`),
      servicePrincipal: servicePrincipal ? await ownersOf(`/servicePrincipals/${servicePrincipal.id}`) : [],
    },
  };
}
