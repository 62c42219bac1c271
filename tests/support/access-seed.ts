import { contoso, fabrikam, type Seed } from "../../twin/index";

const READS = ["GroupMember.Read.All"];
const ASSIGNS = ["AppRoleAssignment.ReadWrite.All", "Application.Read.All"];

/** The twin as seeded, its deployers allowed what `access` needs: to read and assign groups, and to write policies. */
export const accessSeed: Seed = {
  tenants: [contoso, fabrikam].map(({ tenant, deployer }) => ({
    ...tenant,
    principals: tenant.principals.map((principal) =>
      principal.appId === deployer.appId
        ? { ...principal, permissions: [...principal.permissions, ...READS, ...ASSIGNS] }
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

/** The same, and allowed to make routes into tunnels and network policies of Gateway. */
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
