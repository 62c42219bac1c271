/** The contents of one Cloudflare account, as the twin stores them (see `tenant.ts`). */
import type {
  GatewayRule,
  HostnameRoute,
  StoredObject,
  Tunnel,
  TunnelRoute,
  VirtualNetwork,
} from "./networks";
import type { AccessUser, ScimResource } from "./users";

export interface Account {
  id: string;
  organization: {
    name: string;
    authDomain: string;
    createdAt: string;
    updatedAt: string;
    /** The settings that were changed, as the API names them. */
    settings: Record<string, unknown>;
  };
  tokens: ApiToken[];
  /** Puts a mask in place of client secrets in answers. */
  masksClientSecrets: boolean;
  /** Keyed by id, like the maps below. */
  identityProviders: Map<string, IdentityProviderRecord>;
  /** Everybody who has signed in. */
  users: Map<string, AccessUser>;
  scimUsers: Map<string, ScimResource>;
  scimGroups: Map<string, ScimResource>;
  accessGroups: Map<string, AccessGroup>;
  accessPolicies: Map<string, AccessPolicy>;
  accessApplications: Map<string, AccessApplication>;
  serviceTokens: Map<string, ServiceToken>;
  /** Keyed by name. */
  accessTags: Map<string, AccessTag>;
  /** One-time PINs that Access mailed, by number, oldest first. */
  mails: Map<string, PinMail>;
  tunnels: Map<string, Tunnel>;
  virtualNetworks: Map<string, VirtualNetwork>;
  tunnelRoutes: Map<string, TunnelRoute>;
  hostnameRoutes: Map<string, HostnameRoute>;
  gatewayRules: Map<string, GatewayRule>;
  /** The access log, by Ray ID, oldest first. */
  accessRequests: Map<string, AccessRequest>;
  /** Changes made through the API, oldest first. */
  auditLogs: Map<string, AuditLogEntry>;
}

/** An entry of the account's audit log. Bodies are not stored, so no secret is in it. */
export interface AuditLogEntry {
  id: string;
  time: string;
  action: "create" | "update" | "delete";
  /** Name of the API token. */
  token: string;
  method: string;
  status: number;
  /** Path of the request below the address of the API. */
  uri: string;
  /** The address that Cloudflare saw. */
  ipAddress: string;
  userAgent: string;
  rayId: string;
  /** Such as `access`. */
  product: string;
  /** Such as `identity_providers`. */
  type: string;
  /** Absent for objects of which an account has exactly one. */
  resourceId?: string;
}

export interface ApiToken {
  /** Absent for tokens of the seed, whose id derives from the name. */
  id?: string;
  name: string;
  hash: Buffer;
  permissions: string[];
  /** Mail address of the user who owns the token; absent for a token of the account. */
  user?: string;
  /** ISO 8601 UTC; absent: never. */
  expiresOn?: string;
  issuedOn?: string;
}

export type IdentityProviderRecord = EntraProvider | PinProvider;

interface ProviderBase extends StoredObject {
  name: string;
  version: string;
}

/** Sends one-time PINs to mail addresses; has no settings. */
export interface PinProvider extends ProviderBase {
  type: "onetimepin";
}

export interface EntraProvider extends ProviderBase {
  type: "azureAD";
  /** Stored in clear text, unlike other secrets: Access has to present it to Entra. No answer contains it. */
  clientSecret: string;
  /** The other settings, as sent. */
  config: Record<string, unknown>;
  scim: ScimConfig;
}

export interface ScimConfig {
  enabled: boolean;
  identityUpdateBehavior: string;
  userDeprovision: boolean;
  seatDeprovision: boolean;
  /** Hash of the bearer token, made when SCIM is first enabled. */
  secretHash?: Buffer;
}

/** A rule in the form of the API: a single member, named after the rule type, such as `{ email: { email } }`. */
export type RawAccessRule = Record<string, Record<string, unknown>>;

/** Rules that a user matches with at least one of `include`, all of `require` and none of `exclude`. */
export interface RuleLists {
  include: RawAccessRule[];
  exclude: RawAccessRule[];
  require: RawAccessRule[];
}

/** Named rules for use in policies and other groups; "rule group" in the dashboard. */
export interface AccessGroup extends RuleLists, StoredObject {
  name: string;
  isDefault: boolean;
}

/** Block is `deny`, Service Auth `non_identity`. */
export type PolicyDecision = "allow" | "deny" | "bypass" | "non_identity";

/** A policy, which applications share unless it belongs to one of them. */
export interface AccessPolicy extends RuleLists, StoredObject {
  /** True for a policy of one application alone ("legacy" in the dashboard), which goes with it. */
  isLegacy?: boolean;
  name: string;
  decision: PolicyDecision;
  /** For example `24h`; null: the application's. */
  sessionDuration: string | null;
  /** Settings for the questions that admitted users are asked, in the form of the API. */
  prompts: Record<string, unknown>;
}

/** An address that an application protects, in the form of the API. */
export type Destination =
  | { type: "public"; uri: string }
  | {
      type: "private";
      cidr?: string | undefined;
      hostname?: string | undefined;
      l4_protocol?: "tcp" | "udp" | undefined;
      port_range?: string | undefined;
      vnet_id?: string | undefined;
    };

/** The setting `cors_headers` of an application. */
export interface CorsSettings {
  allow_all_headers?: boolean;
  allow_all_methods?: boolean;
  allow_all_origins?: boolean;
  allow_credentials?: boolean;
  allowed_headers?: string[];
  allowed_methods?: string[];
  allowed_origins?: string[];
  max_age?: number;
}

/** A self-hosted application, or the one for the App Launcher or for device enrollment. */
export interface AccessApplication extends StoredObject {
  type: "self_hosted" | "warp" | "app_launcher";
  name: string;
  /** Audience of its tokens, 64 hexadecimal digits. */
  aud: string;
  /** Host name with optional path and wildcards. Empty when all destinations are private. */
  domain: string;
  /** All protected public addresses, {@link domain} included, in the same form. */
  uris: string[];
  /** All destinations in the caller's order; none for a feature of Access. */
  destinations: Destination[];
  /** Ids of the identity providers that users may choose; empty: all of the account. */
  allowedIdps: string[];
  /** Skips the choice of identity provider. */
  autoRedirectToIdentity: boolean;
  /** For example `24h`; applies when the admitting policy has no duration of its own. */
  sessionDuration: string;
  /** Sorted by ascending precedence. */
  policies: { id: string; precedence: number }[];
  /** Names of tags. */
  tags: string[];
  /** The other settings, in the form of the API. */
  settings: Record<string, unknown>;
}

/** A tag that applications can be grouped by. */
export interface AccessTag {
  name: string;
  createdAt: string;
}

/** Credentials by which a program passes Access. */
export interface ServiceToken extends StoredObject {
  name: string;
  clientId: string;
  secretHash: Buffer;
  /** For example `8760h`, or `forever`. */
  duration: string;
  enabled: boolean;
  /** Null: never. */
  expiresAt: string | null;
}

/** A mailed one-time PIN. */
export interface PinMail {
  id: string;
  to: string;
  /** Six digits, in clear text as in the mail. */
  pin: string;
  sentAt: string;
  expiresAt: string;
  usedAt?: string;
}

/** An entry of the access log: an attempt to sign in. */
export interface AccessRequest {
  /** Cloudflare's id of the request: 16 hexadecimal digits. */
  rayId: string;
  createdAt: string;
  action: "login" | "logout";
  allowed: boolean;
  /** The team domain when the sign-in was not for an application. */
  appDomain: string;
  /** Id of the application. */
  appUid?: string;
  /** Type of the identity provider. */
  connection: string;
  ipAddress: string;
  /** Empty when the sign-in failed before the user was known. */
  userEmail: string;
  /** The purpose that the user stated. */
  purpose?: string;
}
