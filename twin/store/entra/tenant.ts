import type {
  AuthenticationContext,
  ConditionalAccessPolicy,
  NamedLocation,
  SignInRecord,
} from "./conditional-access";
import type { DirectoryRole } from "./directory-roles";
import type { SynchronizationJob, SynchronizationSecret } from "./synchronization";

/**
 * The objects of an Entra tenant, as the twin stores them. The form on the wire is a different type, which one function
 * per resource creates (files named `*-wire.ts`).
 */

export interface EntraTenant {
  id: string;
  displayName: string;
  domain: string;
  /** Keyed by object id, like the maps below. */
  applications: Map<string, AppRegistration>;
  servicePrincipals: Map<string, ServicePrincipal>;
  grants: Map<string, PermissionGrant>;
  users: Map<string, User>;
  groups: Map<string, Group>;
  /** Keyed by id of the assignment. */
  appRoleAssignments: Map<string, AppRoleAssignment>;
  conditionalAccessPolicies: Map<string, ConditionalAccessPolicy>;
  namedLocations: Map<string, NamedLocation>;
  authenticationContexts: Map<string, AuthenticationContext>;
  /** The tenant's app management policy for client secrets. */
  passwordPolicy?: { id: string; forbidden: boolean; longestDays?: number };
  /** Oldest first. */
  signIns: Map<string, SignInRecord>;
  /** Oldest first. */
  directoryAudits: Map<string, DirectoryAudit>;
}

/** An entry of the audit log, in the form of Graph: https://learn.microsoft.com/graph/api/resources/directoryaudit */
export interface DirectoryAudit {
  id: string;
  correlationId: string;
  activityDateTime: string;
  activityDisplayName: string;
  category: string;
  loggedByService: string;
  operationType: string;
  result: "success";
  resultReason: string;
  initiatedBy: {
    app: Record<
      "appId" | "displayName" | "servicePrincipalId" | "servicePrincipalName",
      string | null
    > | null;
    user: Record<"id" | "displayName" | "userPrincipalName" | "ipAddress", string> | null;
  };
  targetResources: {
    id: string;
    displayName: string | null;
    type: string;
    userPrincipalName: string | null;
    groupType: string | null;
    /** Values are JSON. */
    modifiedProperties: { displayName: string; oldValue: string | null; newValue: string | null }[];
  }[];
  additionalDetails: never[];
}

export interface User {
  id: string;
  /** For guests `name_domain#EXT#@tenant`, from the address in the home tenant. */
  userPrincipalName: string;
  mail: string | null;
  displayName: string;
  givenName: string | null;
  surname: string | null;
  userType: "Member" | "Guest";
  accountEnabled: boolean;
  createdDateTime: string;
  roles: DirectoryRole[];
  /** Absent: the sign-in page asks for no password. */
  passwordHash?: Buffer;
  /** Asks for a second factor at every sign-in. */
  secondFactor: boolean;
  /** Has registered a phone for the second factor, which otherwise happens when one is first demanded. */
  hasPhone: boolean;
}

/** A security group with assigned members. */
export interface Group {
  id: string;
  displayName: string;
  description: string | null;
  mailNickname: string;
  securityEnabled: boolean;
  /** Null when it was not set. */
  isAssignableToRole: boolean | null;
  createdDateTime: string;
  /** Object ids of users, groups and service principals. */
  members: string[];
  /** Object ids of users and service principals. */
  owners: string[];
}

/** A client secret of an application. */
export interface Password {
  keyId: string;
  displayName: string | null;
  /** The first three characters, which Graph shows later. */
  hint: string;
  startDateTime: string;
  endDateTime: string;
  /** Time of creation, which may differ from the start; absent for secrets of the seed. */
  createdDateTime?: string;
  hash: Buffer;
}

/** The trust in tokens of another issuer, which replace a client secret. */
export interface FederatedCredential {
  id: string;
  name: string;
  issuer: string;
  subject: string;
  audiences: string[];
  description: string | null;
}

export interface OptionalClaim {
  name: string;
  source: string | null;
  essential: boolean;
  additionalProperties: string[];
}

export interface AppRole {
  id: string;
  allowedMemberTypes: string[];
  description: string;
  displayName: string;
  isEnabled: boolean;
  value: string | null;
}

export interface PermissionScope {
  id: string;
  adminConsentDescription: string;
  adminConsentDisplayName: string;
  isEnabled: boolean;
  type: string;
  userConsentDescription: string | null;
  userConsentDisplayName: string | null;
  value: string;
}

export interface AppRegistration {
  id: string;
  appId: string;
  createdDateTime: string;
  displayName: string;
  description: string | null;
  notes: string | null;
  groupMembershipClaims: string | null;
  identifierUris: string[];
  isDeviceOnlyAuthSupported: boolean | null;
  isFallbackPublicClient: boolean | null;
  optionalClaims: Partial<Record<"accessToken" | "idToken" | "saml2Token", OptionalClaim[]>> | null;
  serviceManagementReference: string | null;
  servicePrincipalLockConfiguration: object | null;
  signInAudience: string;
  tags: string[];
  api: {
    acceptMappedClaims: boolean | null;
    knownClientApplications: string[];
    requestedAccessTokenVersion: number | null;
    oauth2PermissionScopes: PermissionScope[];
    preAuthorizedApplications: { appId: string; delegatedPermissionIds: string[] }[];
  };
  appRoles: AppRole[];
  info: Record<"marketingUrl" | "privacyStatementUrl" | "supportUrl" | "termsOfServiceUrl", string | null>;
  publicClient: { redirectUris: string[] };
  requiredResourceAccess: { resourceAppId: string; resourceAccess: { id: string; type: string }[] }[];
  spa: { redirectUris: string[] };
  web: {
    homePageUrl: string | null;
    logoutUrl: string | null;
    redirectUris: string[];
    implicitGrantSettings: { enableAccessTokenIssuance: boolean; enableIdTokenIssuance: boolean };
  };
  /** Object ids of users and service principals. */
  owners: string[];
  passwords: Password[];
  federatedCredentials: FederatedCredential[];
  /** The gallery template that it was created from. */
  applicationTemplateId: string | null;
}

export interface ServicePrincipal {
  id: string;
  appId: string;
  createdDateTime: string;
  accountEnabled: boolean;
  alternativeNames: string[];
  appRoleAssignmentRequired: boolean;
  description: string | null;
  loginUrl: string | null;
  notes: string | null;
  notificationEmailAddresses: string[];
  preferredSingleSignOnMode: string | null;
  samlSingleSignOnSettings: { relayState?: string | null } | null;
  tags: string[];
  /** Object ids of users and service principals. */
  owners: string[];
  /** Consented application permissions of Microsoft Graph. */
  applicationPermissions: string[];
  applicationTemplateId: string | null;
  /** Provisioning of users and groups to the application. */
  synchronization: { secrets: SynchronizationSecret[]; jobs: SynchronizationJob[] };
}

/** The assignment of a user, group or service principal to a role of an application. */
export interface AppRoleAssignment {
  id: string;
  /** Zeros for the default access to an application without roles. */
  appRoleId: string;
  createdDateTime: string;
  principalId: string;
  /** Object id of the application's service principal. */
  resourceId: string;
}

/** Consent to delegated permissions ("OAuth 2.0 permission grant"). */
export interface PermissionGrant {
  id: string;
  /** Object id of the service principal that received the permissions. */
  clientId: string;
  /** Object id of the service principal whose API it may call. */
  resourceId: string;
  /** Permission names, separated by spaces. */
  scope: string;
  /** Object id of the user who consented for themself; absent: consent for all users. */
  principalId?: string;
}
