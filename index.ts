import "./components/stack-traces";
import { readClientSecretOnly, updateClientSecret } from "./client-secret-only";
import { createTokenProbe, type ProgramContext } from "./clouds/token-probe";
import { createAccess } from "./components/access/access";
import { createOneTimePins } from "./components/access/one-time-pin";
import { selectAssignedGroups } from "./components/entra/assignments";
import { buildEntraGroupsOutput, findDirectories } from "./components/entra/directories";
import { createOwnedEntraGroups } from "./components/entra/owned-groups";
import { readLastOutputs } from "./components/entra/rotation-outputs";
import { createEntraSignIn, getApplicationName } from "./components/entra/sign-in";
import { findObjectsInTenants } from "./components/entra/tenant-objects";
import { readListsInTenants } from "./components/entra/undeclared";
import { getOwn, mapValues } from "./components/map-values";
import { checkTarget, checkTenants, logHowToResume } from "./components/preflight";
import {
  listAdmittedEntraGroups,
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
  const tenants = selectIdentityProviders(identityProviders, "tenant");
  const teamsDomain = await checkTarget({ tenantId, accountId, teamName, nextTeamName });
  const getLastOutputs = await readLastOutputs();
  const { entraGroups, existing, providers } = await findDirectories(access, getLastOutputs);
  await checkTenants(
    mapValues(tenants, ({ directory }) => directory),
    providers,
  );
  const tenantObjects = await findObjectsInTenants(
    [OWN_IDENTITY_PROVIDER, ...Object.keys(tenants)],
    providers,
  );
  const allTenants = { ...tenants, [OWN_IDENTITY_PROVIDER]: ownSignIn };
  const present = await readListsInTenants(allTenants, getLastOutputs, providers);
  await logHowToResume(getLastOutputs(OWN_IDENTITY_PROVIDER), getApplicationName(ownSignIn, teamName));

  const ownedGroups = createOwnedEntraGroups("entra", { groups: ownedEntraGroups, protect });
  const ownGroups = new Map([...(entraGroups[OWN_IDENTITY_PROVIDER] ?? []), ...ownedGroups]);
  const allGroups: typeof entraGroups = { ...entraGroups, [OWN_IDENTITY_PROVIDER]: ownGroups };
  const getAssignedGroups = (name: string) =>
    selectAssignedGroups(
      listAdmittedEntraGroups(access, name),
      getOwn(allGroups, name) ?? new Map(),
      name === OWN_IDENTITY_PROVIDER ? ownedEntraGroups : {},
    );
  const now = context.now?.() ?? new Date();
  const signInTo = (tenant: TenantConfig, name: string) =>
    createEntraSignIn(name, {
      ...tenant,
      ...{ accountId, teamName, nextTeamName, teamsDomain, protect, now },
      assignedGroups: getAssignedGroups(name),
      lastOutputs: getLastOutputs(name),
      verifyClient: createTokenProbe(context, tenant.directory.environment),
      tenantObjects: getOwn(tenantObjects, name),
      present: getOwn(present, name),
      provider: getOwn(providers, name),
    });
  const own = signInTo({ ...ownSignIn, assignedOnly, directory: { tenantId } }, OWN_IDENTITY_PROVIDER);
  const others = mapValues(tenants, signInTo);
  const signIns = { ...others, [OWN_IDENTITY_PROVIDER]: own };

  const oneTimePins = selectIdentityProviders(identityProviders, "oneTimePin");
  const pins = createOneTimePins({ accountId, oneTimePins, protect });
  const created = mapValues(signIns, ({ identityProvider: { identityProviderId: id } }, name) => ({
    id,
    entraGroups: getOwn(allGroups, name) ?? new Map(),
  }));
  // After the sign-ins, so that a rule that is refused does not stop a rotation.
  const afterSignIns = { dependsOn: Object.values(signIns).map(({ identityProvider }) => identityProvider) };
  const rules = { accountId, rules: access, identityProviders: { ...existing, ...pins, ...created } };
  createAccess("access", rules, afterSignIns);

  // Apart from the others, because a secret makes the whole output one.
  const scim = Object.entries(signIns).flatMap(([name, { scim }]) => (scim ? [[name, scim] as const] : []));
  return {
    ...own.outputs,
    ...buildEntraGroupsOutput(entraGroups),
    ...(scim.length > 0 && { scim: Object.fromEntries(scim) }),
    ...(Object.keys(others).length > 0 && {
      identityProviders: mapValues(others, ({ outputs }) => outputs),
    }),
  };
};
