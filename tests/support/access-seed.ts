import { listNeededPermissions } from "../../config/deployer/jobs";
import { contoso, fabrikam, type Seed } from "../../twin/index";

const needed = listNeededPermissions("deploy", ["accessRules", "entraGroups", "assignedOnly"]);
const forPrivateNetworks = listNeededPermissions("deploy", ["accessRules", "privateDestinations", "routes"]);

/** The default seed with exactly the permissions that a deployer needs to read and assign groups and to write policies. */
export const accessSeed: Seed = {
  tenants: [contoso, fabrikam].map(({ tenant, deployer }) => ({
    ...tenant,
    principals: tenant.principals.map((principal) =>
      principal.appId === deployer.appId ? { ...principal, permissions: [...needed.graph] } : principal,
    ),
  })),
  accounts: [contoso, fabrikam].map(({ account, tokens }) => ({
    ...account,
    tokens: account.tokens.map((token) =>
      token.value === tokens.deployer.value ? { ...token, permissions: [...needed.cloudflare] } : token,
    ),
  })),
};

/** {@link accessSeed} with the permissions for tunnel routes and Gateway network policies. */
export const privateNetworksSeed: Seed = {
  ...accessSeed,
  accounts: accessSeed.accounts.map((account) => ({
    ...account,
    tokens: account.tokens.map((token) =>
      token.name === "deployer" ? { ...token, permissions: [...forPrivateNetworks.cloudflare] } : token,
    ),
  })),
};
