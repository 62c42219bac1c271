import { Access } from "./components/access";
import { AccessIdentityProvider } from "./components/access-identity-provider";
import { ownedOneTimePins } from "./components/access-one-time-pin";
import { EntraApplication } from "./components/entra-application";
import { findDirectories } from "./components/entra-directories";
import { permissionProfiles } from "./components/graph-permissions";
import { OwnedEntraGroups } from "./components/owned-entra-groups";
import { adviseUntilDeployed, checkTarget } from "./components/preflight";
import { deployedRotation, nextRotation, rotationInUse, warnOfRotation } from "./components/rotation";
import { loadConfig } from "./config";
import { type Surroundings, tokenProbe } from "./token-probe";

/** Microsoft Entra ID as the sign-in of one Cloudflare Access team. */
export = async (surroundings: Surroundings = {}) => {
  const { tenantId, accountId, teamName, protect, ...config } = loadConfig();
  await checkTarget({ tenantId, accountId, teamName });
  const { entra, others } = await findDirectories(config.access);

  const wanted = { ...config.credential, tenantId };
  const now = surroundings.now?.() ?? new Date();
  const deployed = await deployedRotation(wanted);
  adviseUntilDeployed(deployed);
  warnOfRotation(deployed, config.credential.alertDays, now);
  const rotation = nextRotation(wanted, deployed, now);

  const application = new EntraApplication("entra", {
    ...config.application,
    displayName: config.application.displayName ?? `Cloudflare Access (${teamName})`,
    teamName,
    permissions: config.permissions.names ?? permissionProfiles[config.permissions.profile ?? "tutorial"],
    assignedOnly: config.access.assignedOnly,
    credential: { ...rotation, rotation: rotation.number, endDate: rotation.expiresAt },
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
      proof: tokenProbe(surroundings),
      protect,
    },
    { dependsOn: application },
  );

  const pins = ownedOneTimePins({ accountId, identityProviders: config.access.identityProviders, protect });
  const owned = new OwnedEntraGroups("entra", { groups: config.access.ownedEntraGroups, protect });
  const entraGroups = new Map([...entra.entraGroups, ...owned.objectIds]);
  new Access("access", {
    accountId,
    settings: config.access,
    identityProviders: {
      ...others,
      ...pins,
      entra: { id: identityProvider.identityProviderId, entraGroups },
    },
    application,
  });

  return {
    clientId: application.clientId,
    tenantId: application.tenantId,
    applicationObjectId: application.objectId,
    servicePrincipalObjectId: application.servicePrincipalObjectId,
    identityProviderId: identityProvider.identityProviderId,
    redirectUri: application.redirectUri,
    rotation: rotationInUse(identityProvider.clientSecret, application, rotation, deployed),
    testUrl: identityProvider.testUrl,
  };
};
