import type { Fault } from "../faults/fault";
import type { DirectoryRole } from "../store/entra/directory-roles";

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

/** The origin that Access and Entra see for connections from one address of this machine. */
export interface PlaceSeed {
  /** The address that Cloudflare sees. Default: the connection's own. */
  ip?: string;
  /** The country of the address, ISO 3166-1 alpha-2 in upper case. Default: unknown. */
  country?: string;
  /** The device there is compliant, as Intune reports. Default: false. */
  compliantDevice?: boolean;
  /** The device there is joined to the domain and to Entra. Default: false. */
  domainJoinedDevice?: boolean;
  /** The risk that Entra finds in sign-ins from there. Default: `none`. */
  signInRisk?: "none" | "low" | "medium" | "high";
}

/** The initial contents of both clouds, as plain data. */
export interface Seed {
  tenants: TenantSeed[];
  accounts: AccountSeed[];
  /** Injected faults. Default: none. */
  faults?: Fault[];
  /** Seconds on the twin's clock before a new client secret works at the token endpoint. Default: 0. */
  secretDelaySeconds?: number;
  /** Seconds on the twin's clock before the token endpoint knows a new service principal. Default: 0. */
  principalDelaySeconds?: number;
  /** Replicas of the token endpoint, which answer in turn and learn of new objects one after another. Default: 1. */
  tokenReplicas?: number;
  /** Origins that Access sees, by the local address of the connection. Default: each address as it is. */
  places?: Record<string, PlaceSeed>;
}
