import type { DirectoryRole } from "./directory-roles";

/**
 * The shapes in which the twin keeps things. What goes over the wire is a different type, made from these by
 * one function per resource (files named `*-wire.ts`).
 */

export interface Tenant {
  id: string;
  displayName: string;
  domain: string;
  /** By object id, like the others. */
  applications: Map<string, Application>;
  servicePrincipals: Map<string, ServicePrincipal>;
  grants: Map<string, Grant>;
  users: Map<string, User>;
  groups: Map<string, Group>;
  /** By id of the assignment. */
  appRoleAssignments: Map<string, AppRoleAssignment>;
  conditionalAccessPolicies: Map<string, ConditionalAccessPolicy>;
  /** What the tenant's app management policy says of client secrets. */
  passwordPolicy?: { id: string; forbidden: boolean; longestDays?: number };
  /** The oldest first. */
  directoryAudits: Map<string, DirectoryAudit>;
}

/** Who changed what, in the form of Graph: https://learn.microsoft.com/graph/api/resources/directoryaudit */
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
    userPrincipalName: null;
    groupType: null;
    /** Values are JSON. */
    modifiedProperties: { displayName: string; oldValue: string | null; newValue: string | null }[];
  }[];
  additionalDetails: never[];
}

export interface User {
  id: string;
  /** A guest's is `name_domain#EXT#@tenant`, from the address it has at home. */
  userPrincipalName: string;
  mail: string | null;
  displayName: string;
  givenName: string | null;
  surname: string | null;
  userType: "Member" | "Guest";
  accountEnabled: boolean;
  createdDateTime: string;
  /** Directory roles. */
  roles: DirectoryRole[];
  /** Absent: the sign-in page asks for no password. */
  passwordHash?: Buffer;
  /** Whether every sign-in asks for a second factor. */
  secondFactor: boolean;
}

/** A security group with assigned members. */
export interface Group {
  id: string;
  displayName: string;
  description: string | null;
  mailNickname: string;
  securityEnabled: boolean;
  /** Null when nobody said. */
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
  /** First three characters: all that Graph shows later. */
  hint: string;
  startDateTime: string;
  endDateTime: string;
  /** When Graph made it, which is not when it starts; absent for those of the seed. */
  createdDateTime?: string;
  hash: Buffer;
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

export interface Application {
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
  /** Of the gallery, if it was made from a template. */
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
  /** Microsoft Graph application permissions that were consented to. */
  applicationPermissions: string[];
  applicationTemplateId: string | null;
  /** How people and groups are provisioned to the application. */
  synchronization: { secrets: SynchronizationSecret[]; jobs: SynchronizationJob[] };
}

/** A setting of provisioning: its value, or the hash of a secret. */
export interface SynchronizationSecret {
  key: string;
  value?: string;
  hash?: Buffer;
}

export interface SynchronizationJob {
  id: string;
  templateId: string;
  state: "Active" | "Disabled" | "Paused";
}

/** A Conditional Access policy; whom and what it names are object ids and application ids, or `All` or `None`. */
export interface ConditionalAccessPolicy {
  id: string;
  displayName: string;
  createdDateTime: string;
  /** Null until it is changed. */
  modifiedDateTime: string | null;
  state: string;
  /** What was sent; of the rest the twin takes empty settings alone. */
  conditions: {
    applications: Record<"includeApplications" | "excludeApplications", string[]>;
    users: Record<"includeUsers" | "excludeUsers" | "includeGroups" | "excludeGroups", string[]>;
    clientAppTypes: string[];
  };
  grantControls: { operator: string; builtInControls: string[] };
  sessionControls: unknown;
}

/** That a user, a group or a service principal may use an application, and in which role. */
export interface AppRoleAssignment {
  id: string;
  /** Zeros for the default access to an application without roles. */
  appRoleId: string;
  createdDateTime: string;
  principalId: string;
  /** Object id of the application's service principal. */
  resourceId: string;
}

/** Consent to delegated permissions. */
export interface Grant {
  id: string;
  /** Object id of the service principal that may act. */
  clientId: string;
  /** Object id of the service principal it may act on. */
  resourceId: string;
  /** Permission names, separated by spaces. */
  scope: string;
  /** Object id of the user who consented for themself; absent: consent for everybody in the tenant. */
  principalId?: string;
}
