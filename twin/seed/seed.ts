import type { Fault } from "../faults/fault";
import type { DirectoryRole } from "../store/directory-roles";
import { deriveId } from "../store/ids";
import { contosoGroups, contosoUsers, fabrikamGroups, fabrikamUsers } from "./people";

/** An application with a client secret and permissions, as the tenant's administrator set it up. */
export interface PrincipalSeed {
  /** Application (client) id, a GUID. */
  appId: string;
  displayName: string;
  /** Client secret in clear text; the twin keeps only its hash. */
  secret: string;
  /** Expiry of the secret, ISO 8601 UTC. Default: 2099-01-01T00:00:00Z. */
  secretEndDateTime?: string;
  /** Microsoft Graph application permissions, for example `Application.ReadWrite.OwnedBy`. */
  permissions: string[];
}

/** A user of a tenant. */
export interface UserSeed {
  /** Object id, a GUID in lower case. */
  id: string;
  /** Sign-in name; a guest's is `name_domain#EXT#@tenant`, from the address in the home tenant. */
  userPrincipalName: string;
  /** Default: none. */
  mail?: string;
  displayName: string;
  /** First name. Default: none. */
  givenName?: string;
  /** Default: none. */
  surname?: string;
  /** Default: `Member`. */
  userType?: "Member" | "Guest";
  /** Lets the user sign in. Default: true. */
  accountEnabled?: boolean;
  /** Directory roles. Default: none. */
  roles?: DirectoryRole[];
  /** Password in clear text; the twin stores only its hash. Default: the sign-in page asks for none. */
  password?: string;
  /** Asks for a second factor at every sign-in, as per-user multifactor authentication does. Default: false. */
  secondFactor?: boolean;
}

/** A security group. */
export interface GroupSeed {
  /** Object id, a GUID in lower case. */
  id: string;
  displayName: string;
  /** Default: none. */
  description?: string;
  /** Object ids of users and groups. */
  members: string[];
  /** Object ids of users. Default: none. */
  owners?: string[];
}

export interface TenantSeed {
  /** Directory (tenant) id, a GUID. */
  id: string;
  displayName: string;
  /** Initial domain, for example `contoso.onmicrosoft.com`. */
  domain: string;
  principals: PrincipalSeed[];
  /** Default: none. */
  users?: UserSeed[];
  /** Default: none. */
  groups?: GroupSeed[];
  /** The tenant's app management policy for client secrets. Default: no restriction. */
  passwordPolicy?: PasswordPolicySeed;
}

export interface PasswordPolicySeed {
  /** Forbids new client secrets. Default: false. */
  forbidden?: boolean;
  /** Maximum lifetime of a client secret in days. Default: unlimited. */
  longestDays?: number;
}

export interface TokenSeed {
  name: string;
  /** The API token: 40 to 80 of `[0-9A-Za-z_-]`. */
  value: string;
  /** Cloudflare's permission names, for example `Access: Organizations, Identity Providers, and Groups Read`. */
  permissions: string[];
  /** Mail address of the user who owns the token. Default: the account owns it. */
  user?: string;
}

/** An enabled service token of Access that does not expire. */
export interface ServiceTokenSeed {
  /** A GUID in lower case. */
  id: string;
  name: string;
  /** Such as `88bf3b6d86161464f6509f7219099e57.access`. */
  clientId: string;
  /** Client secret in clear text; the twin stores only its hash. */
  clientSecret: string;
}

export interface TunnelSeed {
  /** A GUID in lower case. */
  id: string;
  name: string;
}

export interface AccountSeed {
  /** Account id, 32 hexadecimal digits. */
  id: string;
  name: string;
  /** Zero Trust team name: the organization's `auth_domain` is `<teamName>.cloudflareaccess.com`. */
  teamName: string;
  tokens: TokenSeed[];
  /** Default: none. */
  serviceTokens?: ServiceTokenSeed[];
  /** Existing cloudflared tunnels. Default: none. */
  tunnels?: TunnelSeed[];
  /** The form of client secrets in answers with identity providers; Cloudflare has used both. Default: `omitted`. */
  clientSecretInAnswers?: "omitted" | "masked";
}

/** The origin that Access sees for connections from one address of this machine. */
export interface PlaceSeed {
  /** The address that Cloudflare sees. Default: the connection's own. */
  ip?: string;
  /** The country of the address, ISO 3166-1 alpha-2 in upper case. Default: unknown. */
  country?: string;
}

/** The initial contents of both clouds, as plain data. */
export interface Seed {
  tenants: TenantSeed[];
  accounts: AccountSeed[];
  /** Injected faults. Default: none. */
  faults?: Fault[];
  /** Seconds on the twin's clock before a new client secret works at the token endpoint. Default: 0. */
  secretDelaySeconds?: number;
  /** Origins that Access sees, by the local address of the connection. Default: each address as it is. */
  places?: Record<string, PlaceSeed>;
}

const ACCESS = "Access: Organizations, Identity Providers, and Groups";
const APPLICATIONS = "Access: Apps and Policies";

/** Creates the seed of a tenant and an account of one name, with their principals. Every secret is invented. */
export function createOrganization(o: {
  name: string;
  tenantId: string;
  accountId: string;
  teamName: string;
  appIds: { deployer: string; administrator: string; auditor: string };
  users: UserSeed[];
  groups: GroupSeed[];
}) {
  const deployer: PrincipalSeed = {
    appId: o.appIds.deployer,
    displayName: "deployer",
    secret: `deployer-at-${o.teamName}-not-a-real-secret`,
    permissions: ["Application.ReadWrite.OwnedBy", "DelegatedPermissionGrant.ReadWrite.All"],
  };
  const administrator: PrincipalSeed = {
    appId: o.appIds.administrator,
    displayName: "administrator",
    secret: `administrator-at-${o.teamName}-not-a-real-secret`,
    permissions: [
      "Application.ReadWrite.All",
      "DelegatedPermissionGrant.ReadWrite.All",
      "Directory.ReadWrite.All",
    ],
  };
  const auditor: PrincipalSeed = {
    appId: o.appIds.auditor,
    displayName: "auditor",
    secret: `auditor-at-${o.teamName}-not-a-real-secret`,
    permissions: ["Directory.Read.All", "Application.Read.All"],
  };
  const token = (name: string, ...permissions: string[]): TokenSeed => ({
    name,
    value: `${name}_at_${o.teamName}_not_a_real_token`.padEnd(40, "0"),
    permissions,
  });
  const tokens = {
    deployer: token("deployer", `${ACCESS} Write`),
    administrator: token(
      "administrator",
      ...[`${ACCESS} Write`, `${APPLICATIONS} Write`, "Account API Tokens Write"],
    ),
    auditor: token(
      "auditor",
      ...[`${ACCESS} Read`, `${APPLICATIONS} Read`, "Access: Audit Logs Read", "Account Settings Read"],
    ),
    services: token("services", "Access: Service Tokens Write"),
  };
  const domain = `${o.teamName}.onmicrosoft.com`;
  const tunnelId = deriveId(o.accountId, "tunnel", "datacenter");
  return {
    tenantId: o.tenantId,
    domain,
    accountId: o.accountId,
    teamName: o.teamName,
    /** The tunnel into the organization's private network. */
    tunnelId,
    /** Has the least permissions that the stack needs. */
    deployer,
    /** Changes objects by hand, outside the stack. */
    administrator,
    /** Has read permissions only. */
    auditor,
    /**
     * Cloudflare API tokens: `deployer` has the least permissions that the stack needs, `administrator` also writes
     * applications and policies, `auditor` reads, `services` writes service tokens.
     */
    tokens,
    tenant: {
      id: o.tenantId,
      displayName: o.name,
      domain,
      principals: [deployer, administrator, auditor],
      users: o.users,
      groups: o.groups,
    } satisfies TenantSeed,
    account: {
      id: o.accountId,
      name: o.name,
      teamName: o.teamName,
      tokens: Object.values(tokens),
      tunnels: [{ id: tunnelId, name: "datacenter" }],
    } satisfies AccountSeed,
  };
}

/** The tenant and account that stack `dev` deploys to. Every secret is invented. */
export const contoso = createOrganization({
  name: "Contoso",
  tenantId: "6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e01",
  accountId: "023e105f4ecef8ad9ca31a8372d0c353",
  teamName: "contoso",
  appIds: {
    deployer: "d3b07384-d9a0-4c9b-8f3e-1c2d3e4f5a6b",
    administrator: "5b0d1f6e-2c47-4d0a-9e38-7a61c8f4b210",
    auditor: "9c2e4a71-6f83-4b5d-8a10-e7d2c5b39f64",
  },
  users: Object.values(contosoUsers),
  groups: Object.values(contosoGroups),
});

/** A second tenant and account, for tests with several stacks. */
export const fabrikam = createOrganization({
  name: "Fabrikam",
  tenantId: "b84d6c12-7e35-4f90-a1c8-52e96f0d3b77",
  accountId: "7a1b2c3d4e5f60718293a4b5c6d7e8f9",
  teamName: "fabrikam",
  appIds: {
    deployer: "e1f7a930-48b6-4c2d-b5e9-0d8c36a4f152",
    administrator: "3d96e0b8-15fa-4e7c-92d4-c8b7105ea63f",
    auditor: "a70c58d3-94e1-4b26-8f0d-61b2e9c7543a",
  },
  users: Object.values(fabrikamUsers),
  groups: Object.values(fabrikamGroups),
});

/** The twin's default contents: {@link contoso} and {@link fabrikam}. */
export const devSeed: Seed = {
  tenants: [contoso.tenant, fabrikam.tenant],
  accounts: [contoso.account, fabrikam.account],
};
