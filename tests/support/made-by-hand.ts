import { getPermissionId, permissionProfiles } from "../../config/graph-permissions";
import type { Clouds } from "../../ops/clients/clouds";
import { contoso } from "../../twin/index";

/** Ids of the objects that Microsoft's tutorial creates. */
export interface MadeByHand {
  applicationObjectId: string;
  clientId: string;
  servicePrincipalObjectId: string;
  consentId: string;
  identityProviderId: string;
  /** Key id of the client secret. */
  keyId: string;
}

export interface MadeByHandOptions {
  /** Properties in addition to name, redirect URI and permissions. */
  application?: object;
  servicePrincipal?: object;
  /** Delegated permissions with consent for all users. Default: the requested ones. */
  consented?: readonly string[];
  /** Name in Access, default "Azure AD". */
  name?: string;
  /** Settings in addition to client, secret and tenant. */
  config?: object;
  /** Enters client and tenant id in capitals. Default: false. */
  capitals?: boolean;
  /** Makes the deployer an owner of application and service principal. Default: true. */
  owned?: boolean;
}

/** Creates by API calls the objects that a person creates in both portals when following the tutorial. */
export async function makeByHand(clouds: Clouds, o: MadeByHandOptions = {}): Promise<MadeByHand> {
  const { graph, cloudflare, accountId } = clouds;
  const asked = permissionProfiles.tutorial;
  const application = await graph.api("/applications").post({
    displayName: "Cloudflare (do not delete)",
    signInAudience: "AzureADMyOrg",
    // New applications have the app instance lock since June 2026.
    servicePrincipalLockConfiguration: { isEnabled: true, allProperties: true },
    web: { redirectUris: [`https://${contoso.teamName}.cloudflareaccess.com/cdn-cgi/access/callback`] },
    requiredResourceAccess: [
      {
        resourceAppId: "00000003-0000-0000-c000-000000000000",
        resourceAccess: asked.map((name) => ({ id: getPermissionId(name), type: "Scope" })),
      },
    ],
    ...o.application,
  });
  const principal = await graph.api("/servicePrincipals").post({
    appId: application.appId,
    tags: ["WindowsAzureActiveDirectoryIntegratedApp"],
    ...o.servicePrincipal,
  });
  if (o.owned ?? true) {
    const owner = {
      "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${await findPrincipalId(clouds, contoso.deployer.appId)}`,
    };
    for (const path of [`/applications/${application.id}`, `/servicePrincipals/${principal.id}`])
      await graph.api(`${path}/owners/$ref`).post(owner);
  }
  const consent = await graph.api("/oauth2PermissionGrants").post({
    clientId: principal.id,
    consentType: "AllPrincipals",
    resourceId: await findPrincipalId(clouds, "00000003-0000-0000-c000-000000000000"),
    scope: (o.consented ?? asked).join(" "),
  });
  const { keyId, secretText } = await graph
    .api(`/applications/${application.id}/addPassword`)
    .post({ passwordCredential: { displayName: "cloudflare secret", endDateTime: "2098-01-01T00:00:00Z" } });
  const enter = (id: string) => (o.capitals ? id.toUpperCase() : id);
  const body = {
    account_id: accountId,
    name: o.name ?? "Azure AD",
    type: "azureAD",
    config: {
      client_id: enter(application.appId),
      client_secret: secretText,
      directory_id: enter(contoso.tenantId),
      support_groups: true,
      ...o.config,
    },
  };
  const providers = cloudflare.zeroTrust.identityProviders;
  const provider = await providers.create(body as Parameters<typeof providers.create>[0]);
  return {
    applicationObjectId: application.id,
    clientId: application.appId,
    servicePrincipalObjectId: principal.id,
    consentId: consent.id,
    identityProviderId: String(provider.id),
    keyId,
  };
}

/** Finds the object id of a service principal by client id. */
export async function findPrincipalId({ graph }: Clouds, appId: string): Promise<string> {
  return (await graph.api(`/servicePrincipals?$filter=appId eq '${appId}'`).get()).value[0].id;
}
