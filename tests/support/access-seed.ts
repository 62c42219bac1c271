import { contoso, fabrikam, type Seed } from "../../twin/index";

const READ_PERMISSIONS = ["GroupMember.Read.All"];
const ASSIGNMENT_PERMISSIONS = ["AppRoleAssignment.ReadWrite.All", "Application.Read.All"];

/** The default seed with the deployer permissions that `access` needs: read and assign groups, write policies. */
export const accessSeed: Seed = {
  tenants: [contoso, fabrikam].map(({ tenant, deployer }) => ({
    ...tenant,
    principals: tenant.principals.map((principal) =>
      principal.appId === deployer.appId
        ? {
            ...principal,
            permissions: [...principal.permissions, ...READ_PERMISSIONS, ...ASSIGNMENT_PERMISSIONS],
          }
        : principal,
    ),
  })),
  accounts: [contoso, fabrikam].map(({ account, tokens }) => ({
    ...account,
    tokens: account.tokens.map((token) =>
      token.value === tokens.deployer.value
        ? { ...token, permissions: [...token.permissions, "Access: Apps and Policies Write"] }
        : token,
    ),
  })),
};

/** {@link accessSeed} with the permissions for tunnel routes and Gateway network policies. */
export const privateNetworksSeed: Seed = {
  ...accessSeed,
  accounts: accessSeed.accounts.map((account) => ({
    ...account,
    tokens: account.tokens.map((token) =>
      token.name === "deployer"
        ? { ...token, permissions: [...token.permissions, "Cloudflare Tunnel Write", "Zero Trust Write"] }
        : token,
    ),
  })),
};
