import { AccessIdentityProvider } from "./components/access-identity-provider";
import { credentialEndDate, deployedCredential } from "./components/credential-lifetime";
import { EntraApplication } from "./components/entra-application";
import { permissionProfiles } from "./components/graph-permissions";
import { checkTarget } from "./components/preflight";
import { loadConfig } from "./config";

/** Microsoft Entra ID as the sign-in of one Cloudflare Access team. */
export = async () => {
  const { tenantId, accountId, teamName, protect, ...config } = loadConfig();
  await checkTarget({ tenantId, accountId, teamName });

  const { rotation, description } = config.credential;
  const application = new EntraApplication("entra", {
    ...config.application,
    displayName: config.application.displayName ?? `Cloudflare Access (${teamName})`,
    teamName,
    permissions: config.permissions.names ?? permissionProfiles[config.permissions.profile ?? "tutorial"],
    credential: {
      description,
      endDate: credentialEndDate(config.credential, await deployedCredential(), new Date()),
      rotation: String(rotation),
    },
    protect,
  });

  // After the consent, so that nobody meets a sign-in that Entra refuses.
  const identityProvider = new AccessIdentityProvider(
    "entra",
    {
      ...config.identityProvider,
      accountId,
      teamName,
      clientId: application.clientId,
      clientSecret: application.clientSecret,
      directoryId: application.tenantId,
      protect,
    },
    { dependsOn: application },
  );

  return {
    clientId: application.clientId,
    tenantId: application.tenantId,
    applicationObjectId: application.objectId,
    servicePrincipalObjectId: application.servicePrincipalObjectId,
    identityProviderId: identityProvider.identityProviderId,
    redirectUri: application.redirectUri,
    credential: {
      keyId: application.credentialKeyId,
      expires: application.credentialEndDate,
      rotation,
    },
    testUrl: identityProvider.testUrl,
  };
};
