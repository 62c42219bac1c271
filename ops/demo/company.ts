import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  contoso,
  devSeed,
  fabrikam,
  type GroupSeed,
  type Seed,
  type ServiceTokenSeed,
  type UserSeed,
} from "../../twin/index";
import type { Stack } from "../stacks";

export const COMPANY_FOLDER = join(__dirname, "../../examples/company");

type Directory = Readonly<Record<"contoso" | "fabrikam", { users: UserSeed[]; groups: GroupSeed[] }>>;
/** People and groups of both tenants. */
export const companyDirectory: Directory = JSON.parse(
  readFileSync(join(COMPANY_FOLDER, "directory.json"), "utf8"),
);

const GRAPH_PERMISSIONS = [
  "GroupMember.Read.All",
  "AppRoleAssignment.ReadWrite.All",
  "Application.Read.All",
  // For `npx entra-access access`.
  "User.Read.All",
];
const CLOUDFLARE_PERMISSIONS = [
  "Access: Apps and Policies Write",
  "Cloudflare Tunnel Write",
  "Zero Trust Write",
];

/** The service token of the company's backup, whose id is in its config. */
export const companyBackup: ServiceTokenSeed = {
  id: "f174e90a-fafe-4643-bbbc-4a0ed4fc8415",
  name: "backup",
  clientId: "88bf3b6d86161464f6509f7219099e57.access",
  clientSecret: "cfast_backup-at-contoso-not-a-real-secret",
};

/** The example's directories, with deployers that have the permissions for its config. */
export const companySeed: Seed = {
  tenants: devSeed.tenants.map((tenant) => ({
    ...tenant,
    ...companyDirectory[tenant.id === contoso.tenantId ? "contoso" : "fabrikam"],
    principals: tenant.principals.map((principal) =>
      [contoso.deployer.appId, fabrikam.deployer.appId].includes(principal.appId)
        ? { ...principal, permissions: [...principal.permissions, ...GRAPH_PERMISSIONS] }
        : principal,
    ),
  })),
  accounts: devSeed.accounts.map((account) => ({
    ...account,
    serviceTokens: account.id === contoso.accountId ? [companyBackup] : [],
    tokens: account.tokens.map((token) =>
      token.value === contoso.tokens.deployer.value
        ? { ...token, permissions: [...token.permissions, ...CLOUDFLARE_PERMISSIONS] }
        : token,
    ),
  })),
};

/** Both tenants, which use the company's Cloudflare account. */
export const companyTenants = {
  contoso,
  fabrikam: { ...fabrikam, accountId: contoso.accountId, teamName: contoso.teamName, tokens: contoso.tokens },
};

export interface CompanyAccess {
  identityProviders: Record<string, object>;
  applications: Record<string, { hostnames: string[]; policies: string[] }>;
}

export async function companyAccess(stack: Stack): Promise<CompanyAccess> {
  return (await stack.config())["entra-access:access"] as CompanyAccess;
}

/** Gives the company's stack the partner's identity provider and credentials to read the partner's groups. */
export async function connectPartner(partner: Stack, company: Stack): Promise<void> {
  const { identityProviderId } = await partner.outputs();
  const access = await companyAccess(company);
  const { appId: clientId, secret: clientSecret } = fabrikam.deployer;
  const id = String(identityProviderId?.value);
  const connected = { ...access.identityProviders.fabrikam, id, clientId, clientSecret };
  await company.configure({
    "entra-access:access": {
      ...access,
      identityProviders: { ...access.identityProviders, fabrikam: connected },
    },
  });
}
