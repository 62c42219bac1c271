import { Access } from "./components/access";
import { ownedOneTimePins } from "./components/access-one-time-pin";
import { ownIdentityProvider } from "./components/access-settings";
import { mapped } from "./components/by-name";
import { findDirectories } from "./components/entra-directories";
import { entraSignIn } from "./components/entra-sign-in";
import { OwnedEntraGroups } from "./components/owned-entra-groups";
import { adviseUntilDeployed, checkTarget, checkTenants } from "./components/preflight";
import { lastOutputs } from "./components/rotation";
import { furtherTenants, loadConfig, type Tenant } from "./config";
import { type Surroundings, tokenProbe } from "./token-probe";

/** Microsoft Entra ID as the sign-in of one Cloudflare Access team. */
export = async (surroundings: Surroundings = {}) => {
  const { tenantId, accountId, teamName, protect, access, ...own } = loadConfig();
  const { assignedOnly, identityProviders, ownedEntraGroups } = access;
  const further = furtherTenants(identityProviders);
  await checkTarget({ tenantId, accountId, teamName });
  const { entraGroups, existing, providers } = await findDirectories(access);
  await checkTenants(further, providers);

  const last = await lastOutputs();
  const now = surroundings.now?.() ?? new Date();
  const signInTo = (tenant: Omit<Tenant, "environment">, name: string) => {
    const proof = tokenProbe(surroundings, further[name]?.environment);
    const common = { accountId, teamName, protect, now, proof };
    return entraSignIn(name, { ...tenant, ...common, last: last(name), provider: providers[name] });
  };
  const entra = signInTo({ ...own, tenantId, assignedOnly }, ownIdentityProvider);
  adviseUntilDeployed(entra.deployed);
  const others = mapped(further, signInTo);

  const pins = ownedOneTimePins({ accountId, identityProviders, protect });
  const owned = new OwnedEntraGroups("entra", { groups: ownedEntraGroups, protect });
  const groups: typeof entraGroups = {
    ...entraGroups,
    entra: new Map([...(entraGroups.entra ?? []), ...owned.objectIds]),
  };
  const made = mapped({ ...others, entra }, ({ identityProvider: { identityProviderId: id } }, name) => ({
    id,
    entraGroups: groups[name] ?? new Map(),
  }));
  new Access("access", {
    accountId,
    settings: access,
    identityProviders: { ...existing, ...pins, ...made },
    applications: mapped({ ...others, entra }, ({ application }, name) => ({
      servicePrincipalObjectId: application.servicePrincipalObjectId,
      appRoleId: application.appRoleId,
      provider: providers[name],
    })),
  });

  const { outputs } = entra;
  if (Object.keys(others).length === 0) return outputs;
  return { ...outputs, identityProviders: mapped(others, ({ outputs }) => outputs) };
};
