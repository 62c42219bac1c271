import "./components/stack-traces";
import { readClientSecretOnly, updateClientSecret } from "./client-secret-only";
import { createTokenProbe, type ProgramContext } from "./clouds/token-probe";
import { createAccess } from "./components/access/access";
import { createOneTimePins } from "./components/access/one-time-pin";
import { selectAssignedGroups, selectProvisionedGroups } from "./components/entra/assignments";
import { readLastOutputs } from "./components/entra/client-secret/rotation-outputs";
import { addOwnedGroups, findDirectories } from "./components/entra/directory/directories";
import { createOwnedEntraGroups } from "./components/entra/directory/owned-groups";
import { lookUpTenants } from "./components/entra/directory/tenant-objects";
import { createEntraSignIn } from "./components/entra/sign-in";
import { buildStackOutputs } from "./components/entra/stack-outputs";
import { keepRenamedResources } from "./components/identifiers";
import { getOwn, mapValues } from "./components/map-values";
import { checkDeployedTargets, checkTarget, checkTenants, logHowToResume } from "./components/preflight";
import {
  getApplicationName,
  loadConfig,
  OWN_IDENTITY_PROVIDER,
  selectIdentityProviders,
  type TenantConfig,
} from "./config";

/** Makes Microsoft Entra ID the sign-in of one Cloudflare Access team. */
export = async (context: ProgramContext = {}) => {
  const only = readClientSecretOnly();
  if (only !== undefined) return updateClientSecret(only, context);
  const { tenantId, accountId, teamName, nextTeamName, protect, access, ...ownSignIn } = loadConfig();
  const { assignedOnly, identityProviders, ownedEntraGroups } = access;
  const others = selectIdentityProviders(identityProviders, "tenant");
  const own: TenantConfig = { ...ownSignIn, assignedOnly, sharesTenant: false, directory: { tenantId } };
  const tenants: Record<string, TenantConfig> = { [OWN_IDENTITY_PROVIDER]: own, ...others };

  // Look-ups come first: once a resource has failed, the engine ends the providers, and a look-up under way would fail with
  // a misleading error.
  const teamsDomain = await checkTarget({ tenantId, accountId, teamName, nextTeamName });
  const { getLastOutputs, identifiers: lastIdentifiers } = await readLastOutputs();
  await checkDeployedTargets(accountId, tenants, getLastOutputs);
  const { entraGroups, existing, providers } = await findDirectories(access, getLastOutputs);
  await checkTenants(others, providers);
  const lookUps = await lookUpTenants(Object.keys(tenants), getLastOutputs, providers);
  await logHowToResume(getLastOutputs(OWN_IDENTITY_PROVIDER), getApplicationName(own.application, teamName));

  const identifiers = keepRenamedResources(access, lastIdentifiers);
  const ownedGroups = createOwnedEntraGroups("entra", { groups: ownedEntraGroups, protect });
  const allGroups = addOwnedGroups(entraGroups, ownedGroups, identityProviders);
  const now = context.now?.() ?? new Date();
  const signIns = mapValues(tenants, (tenant, name) =>
    createEntraSignIn(name, {
      ...tenant,
      accountId,
      teamName,
      nextTeamName,
      teamsDomain,
      protect,
      now,
      ...getOwn(lookUps, name),
      assignedGroups: selectAssignedGroups(access, name, allGroups),
      provisionedGroups: selectProvisionedGroups(access, name, allGroups),
      lastOutputs: getLastOutputs(name),
      verifyClient: createTokenProbe(context, tenant.directory.environment),
      provider: getOwn(providers, name),
    }),
  );

  const oneTimePins = selectIdentityProviders(identityProviders, "oneTimePin");
  const deviceEnrolment = access.deviceEnrolment && "access";
  const pins = createOneTimePins({ accountId, oneTimePins, protect, deviceEnrolment });
  const created = mapValues(signIns, ({ identityProvider: { identityProviderId: id } }, name) => ({
    id,
    entraGroups: getOwn(allGroups, name) ?? new Map(),
  }));
  const rules = { accountId, rules: access, identityProviders: { ...existing, ...pins, ...created } };
  // Access rules come after the sign-ins: a refused rule must not stop a rotation, and nobody may be admitted before the
  // policies of Conditional Access apply.
  const afterSignIns = {
    dependsOn: Object.values(signIns).flatMap(({ identityProvider, conditionalAccess }) =>
      conditionalAccess ? [identityProvider, conditionalAccess] : [identityProvider],
    ),
  };
  createAccess("access", rules, afterSignIns);
  return { accountId, ...buildStackOutputs(signIns, entraGroups, identifiers) };
};
