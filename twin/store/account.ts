/** What one account of Cloudflare keeps, in the shapes of `tenant.ts`. */
import type { GatewayRule, HostnameRoute, Tunnel, TunnelRoute, VirtualNetwork } from "./networks";

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
  /** Whether answers have a mask in the place of client secrets. */
  masksClientSecrets: boolean;
  /** By id, like the others. */
  identityProviders: Map<string, IdentityProvider>;
  accessGroups: Map<string, AccessGroup>;
  accessPolicies: Map<string, AccessPolicy>;
  accessApplications: Map<string, AccessApplication>;
  serviceTokens: Map<string, ServiceToken>;
  /** By name. */
  accessTags: Map<string, AccessTag>;
  /** What Access mailed to people, by its number, oldest first. */
  mails: Map<string, PinMail>;
  tunnels: Map<string, Tunnel>;
  virtualNetworks: Map<string, VirtualNetwork>;
  tunnelRoutes: Map<string, TunnelRoute>;
  hostnameRoutes: Map<string, HostnameRoute>;
  gatewayRules: Map<string, GatewayRule>;
  /** The access log, by Ray ID, oldest first. */
  accessRequests: Map<string, AccessRequest>;
  /** What was changed through the API, oldest first. */
  auditLogs: Map<string, AuditLog>;
}

/** An entry of the account's audit log. Bodies are not kept, so that no secret is in it. */
export interface AuditLog {
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
  /** Absent of what there is one of. */
  resourceId?: string;
}

export interface ApiToken {
  name: string;
  hash: Buffer;
  permissions: string[];
  /** Mail address of the person whose token it is; absent of the account's own. */
  user?: string;
}

export type IdentityProvider = EntraProvider | PinProvider;

interface AnyProvider {
  id: string;
  name: string;
  version: string;
  createdAt: string;
  updatedAt: string;
}

/** Sends one-time PINs to mail addresses; has no settings. */
export interface PinProvider extends AnyProvider {
  type: "onetimepin";
}

export interface EntraProvider extends AnyProvider {
  type: "azureAD";
  /** In clear text, unlike other secrets: Access itself has to present it to Entra. No answer carries it. */
  clientSecret: string;
  /** The other settings, as they were sent. */
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

/** One rule as the API writes it: a single member, named as the rule type, such as `{ email: { email } }`. */
export type AccessRule = Record<string, Record<string, unknown>>;

/** Whom rules match: who meets one of `include` and all of `require`, and none of `exclude`. */
export interface AccessRules {
  include: AccessRule[];
  exclude: AccessRule[];
  require: AccessRule[];
}

/** Rules under a name, for policies and other groups; "rule group" in the dashboard. */
export interface AccessGroup extends AccessRules {
  id: string;
  name: string;
  isDefault: boolean;
  createdAt: string;
  updatedAt: string;
}

/** Block is `deny`, Service Auth `non_identity`. */
export type Decision = "allow" | "deny" | "bypass" | "non_identity";

/** A reusable policy. */
export interface AccessPolicy extends AccessRules {
  id: string;
  name: string;
  decision: Decision;
  /** Such as `24h`; null: that of the application. */
  sessionDuration: string | null;
  /** What people are asked whom it lets in, as the API names it. */
  asks: Record<string, unknown>;
  createdAt: string;
  updatedAt: string;
}

/** What an application protects, as the API writes it. */
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

/** An application of people's own, or the one by which devices enrol. */
export interface AccessApplication {
  id: string;
  type: "self_hosted" | "warp";
  name: string;
  /** Audience of its tokens, 64 hexadecimal digits. */
  aud: string;
  /** Host name, and path where it has one; may have wildcards. Empty where all it protects is private. */
  domain: string;
  /** All public addresses that it protects, {@link domain} among them, in that form. */
  uris: string[];
  /** All that it protects, in the order of the caller; none to enrol devices. */
  destinations: Destination[];
  /** Ids of the identity providers that people may use; empty: all of the account. */
  allowedIdps: string[];
  /** Whether people skip the choice of identity provider. */
  autoRedirectToIdentity: boolean;
  /** Such as `24h`, where the policy that lets somebody in has none of its own. */
  sessionDuration: string;
  /** In ascending order of precedence. */
  policies: { id: string; precedence: number }[];
  /** Names of tags. */
  tags: string[];
  /** The other settings, as the API names them. */
  settings: Record<string, unknown>;
  createdAt: string;
  updatedAt: string;
}

/** A name by which applications are sorted. */
export interface AccessTag {
  name: string;
  createdAt: string;
}

/** What a program signs in with. */
export interface ServiceToken {
  id: string;
  name: string;
  clientId: string;
  secretHash: Buffer;
  /** Such as `8760h`, or `forever`. */
  duration: string;
  enabled: boolean;
  /** Null: never. */
  expiresAt: string | null;
  createdAt: string;
  updatedAt: string;
}

/** A one-time PIN on its way. */
export interface PinMail {
  id: string;
  to: string;
  /** Six digits, in clear text: whoever reads the mail has it. */
  pin: string;
  sentAt: string;
  /** When it no longer works. */
  expiresAt: string;
  usedAt?: string;
}

/** An entry of the access log: that somebody signed in, or tried to. */
export interface AccessRequest {
  /** Identifies the request at Cloudflare: 16 hexadecimal digits. */
  rayId: string;
  createdAt: string;
  action: "login" | "logout";
  allowed: boolean;
  /** The team domain where it was no application's. */
  appDomain: string;
  /** Of the application. */
  appUid?: string;
  /** Type of the identity provider. */
  connection: string;
  ipAddress: string;
  /** Empty where the sign-in failed before it was known. */
  userEmail: string;
  /** What somebody said they need the application for. */
  purpose?: string;
}
