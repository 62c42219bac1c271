/** Permissions of an identity: application permissions of Microsoft Graph, and permission groups of a Cloudflare token. */
export interface Permissions {
  readonly graph: readonly string[];
  readonly cloudflare: readonly string[];
}

/** A part of the settings that needs permissions of its own. */
export interface Feature {
  /** The settings that turn it on, as docs/permissions.md names them. */
  readonly settings: string;
  /** Features without which it does not exist; their permissions are needed too. */
  readonly requires?: readonly FeatureName[];
  /** Why people can't deploy it: they sign in with the Azure CLI, whose permissions on Microsoft Graph are Microsoft's choice. */
  readonly notForPeople?: string;
}

export const FEATURES: Readonly<Record<FeatureName, Feature>> = {
  accessRules: {
    settings: "`access.policies`, `access.applications` or `access.deviceEnrolment`",
  },
  entraGroups: { settings: "`entraGroups` in `access.groups`" },
  assignedOnly: { settings: "`access.assignedOnly`", requires: ["entraGroups", "accessRules"] },
  ownedEntraGroups: { settings: "`access.ownedEntraGroups`" },
  privateDestinations: {
    settings: "`access.privateRanges` or `access.privateHostnames`",
    requires: ["accessRules"],
  },
  routes: {
    settings: '`routes: "make"` in these, or `displayName` in `access.virtualNetworks`',
    requires: ["privateDestinations", "accessRules"],
  },
  addedOwners: { settings: "another owner in `application.owners` of a deployed stack" },
  scim: { settings: "`identityProvider.scim`" },
  managedProvisioning: {
    settings: "`identityProvider.scim.provisioning: managed`",
    requires: ["scim", "entraGroups", "accessRules"],
    notForPeople: "`az login` gets no permission on provisioning",
  },
  conditionalAccess: {
    settings: "`conditionalAccess`",
    notForPeople: "`az login` gets no permission on Conditional Access",
  },
  authenticationContexts: { settings: "`identityProvider.conditionalAccessEnabled`" },
  requiredContexts: {
    settings: "`authenticationContext` in `access.policies`",
    requires: ["authenticationContexts", "accessRules"],
    notForPeople: "`az login` gets no permission on Conditional Access",
  },
};

export type FeatureName =
  | "accessRules"
  | "entraGroups"
  | "assignedOnly"
  | "ownedEntraGroups"
  | "privateDestinations"
  | "routes"
  | "addedOwners"
  | "scim"
  | "managedProvisioning"
  | "conditionalAccess"
  | "authenticationContexts"
  | "requiredContexts";

/** A permission that a job can do without. */
export interface OptionalPermission {
  readonly permission: string;
  /** The part of the report that needs it. */
  readonly purpose: string;
}

/** A task that a person or a pipeline does with a stack. */
export interface Job {
  /** The commands that do it. */
  readonly commands: readonly string[];
  readonly always: Permissions;
  /** In addition, for features in the settings; a feature that is not listed needs nothing more. */
  readonly features: Readonly<Partial<Record<FeatureName, Partial<Permissions>>>>;
  readonly optional: readonly OptionalPermission[];
  /** Directory roles that members of the tenant need instead of permissions on Microsoft Graph; in addition, by feature. */
  readonly roles: readonly string[];
  readonly featureRoles: Readonly<Partial<Record<FeatureName, readonly string[]>>>;
}

const ORGANIZATION = "Access: Organizations, Identity Providers, and Groups";
const APPLICATIONS = "Access: Apps and Policies";

/** Policy.Read.All does not include this call. */
const READ_CONTEXTS = { graph: ["AuthenticationContext.Read.All"] };

const DEPLOY = {
  always: {
    graph: ["Application.ReadWrite.OwnedBy", "DelegatedPermissionGrant.ReadWrite.All"],
    cloudflare: [`${ORGANIZATION} Write`],
  },
  features: {
    accessRules: { cloudflare: [`${APPLICATIONS} Write`] },
    entraGroups: { graph: ["GroupMember.Read.All"] },
    assignedOnly: { graph: ["AppRoleAssignment.ReadWrite.All", "Application.Read.All"] },
    ownedEntraGroups: { graph: ["Group.ReadWrite.All", "GroupMember.Read.All"] },
    privateDestinations: { cloudflare: ["Zero Trust Write"] },
    routes: { cloudflare: ["Cloudflare Tunnel Write"] },
    addedOwners: { graph: ["Directory.Read.All"] },
    // The identity that creates the application owns it and can do without Synchronization.ReadWrite.All; others can't.
    managedProvisioning: {
      graph: ["AppRoleAssignment.ReadWrite.All", "Application.Read.All", "Synchronization.ReadWrite.All"],
    },
    conditionalAccess: {
      graph: ["Application.Read.All", "Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"],
    },
    authenticationContexts: { graph: ["AppRoleAssignment.ReadWrite.All", "Application.Read.All"] },
    requiredContexts: READ_CONTEXTS,
  },
  optional: [],
  roles: ["Cloud Application Administrator"],
  featureRoles: {
    ownedEntraGroups: ["Groups Administrator"],
    authenticationContexts: ["Privileged Role Administrator"],
  },
} as const;

/** Everything that a preview reads of the features, with the weakest permissions at Cloudflare. */
const READ_FEATURES = {
  accessRules: { cloudflare: [`${APPLICATIONS} Read`] },
  privateDestinations: { cloudflare: ["Zero Trust Read"] },
  routes: { cloudflare: ["Cloudflare Tunnel Read"] },
  // Microsoft lists no weaker permission to read the credentials of provisioning, which it masks.
  managedProvisioning: { graph: ["Synchronization.ReadWrite.All"] },
  conditionalAccess: { graph: ["Policy.Read.All"] },
} as const;

const READ = {
  always: { graph: ["Directory.Read.All"], cloudflare: [`${ORGANIZATION} Read`] },
  features: READ_FEATURES,
  optional: [],
  roles: [],
  featureRoles: {},
} as const;

/**
 * The least permissions of each job. tests/stack/permissions.test.ts and tests/ops/permissions/jobs.test.ts prove them: with
 * these the twin answers the job's requests, and with any one less it refuses one of them.
 */
export const JOBS = {
  deploy: { commands: ["up", "rotate", "`pulumi up`", "`pulumi destroy`"], ...DEPLOY },
  rotate: {
    commands: ["rotate --due"],
    // The rest of the stack is previewed, which reads the admin consent.
    always: {
      graph: ["Application.ReadWrite.OwnedBy", "Directory.Read.All"],
      cloudflare: [`${ORGANIZATION} Write`],
    },
    features: READ_FEATURES,
    optional: [],
    roles: ["Cloud Application Administrator"],
    featureRoles: {},
  },
  preview: { commands: ["preview", "`pulumi preview`"], ...READ },
  drift: {
    commands: ["drift"],
    ...READ,
    optional: [
      { permission: "Account Settings Read", purpose: "since when and by whom, at Cloudflare" },
      { permission: `${APPLICATIONS} Read`, purpose: "unmanaged policies and applications" },
      { permission: "Cloudflare Tunnel Read", purpose: "unmanaged routes" },
      { permission: "Zero Trust Read", purpose: "unmanaged network policies of Gateway" },
    ],
  },
  verify: {
    commands: ["verify"],
    ...READ,
    features: {
      conditionalAccess: READ_FEATURES.conditionalAccess,
      requiredContexts: READ_CONTEXTS,
      managedProvisioning: { graph: ["Synchronization.Read.All"] },
    },
    optional: [{ permission: "Access: Audit Logs Read", purpose: "the last sign-in" }],
  },
  access: {
    commands: ["access"],
    always: {
      graph: ["GroupMember.Read.All", "User.Read.All", "Application.Read.All"],
      cloudflare: [`${ORGANIZATION} Read`, `${APPLICATIONS} Read`],
    },
    features: {},
    optional: [{ permission: "AuditLog.Read.All", purpose: "since when a group has somebody (`--since`)" }],
    roles: [],
    featureRoles: {},
  },
  adopt: {
    commands: ["adopt"],
    ...DEPLOY,
    optional: [
      { permission: `${APPLICATIONS} Read`, purpose: "adopting policies and applications" },
      { permission: "Policy.Read.All", purpose: "adopting policies of Conditional Access" },
    ],
  },
} as const satisfies Record<string, Job>;

export type JobName = keyof typeof JOBS;

export const JOB_NAMES = Object.keys(JOBS) as JobName[];

/** Lists the least permissions of a job for a stack with exactly these features. */
export function listNeededPermissions(job: JobName, features: readonly FeatureName[] = []): Permissions {
  const { always, features: more }: Job = JOBS[job];
  return joinPermissions([always, ...features.map((feature) => more[feature] ?? {})]);
}

/** Lists the least permissions of an identity that does several jobs, for stacks with these features. */
export function listPermissionsOfJobs(
  jobs: readonly JobName[],
  features: readonly FeatureName[] = [],
): Permissions {
  const all = addRequiredFeatures(features);
  return joinPermissions(jobs.map((job) => listNeededPermissions(job, all)));
}

/** Lists the directory roles with which people do a job. */
export function listNeededRoles(job: JobName, features: readonly FeatureName[] = []): string[] {
  const { roles, featureRoles }: Job = JOBS[job];
  return [...new Set([...roles, ...features.flatMap((feature) => featureRoles[feature] ?? [])])];
}

/** Lists why people can't do a job for stacks with these features, whatever their roles. */
export function listObstaclesForPeople(job: JobName, features: readonly FeatureName[]): string[] {
  const { features: more }: Job = JOBS[job];
  return features.flatMap((feature) => (more[feature] && FEATURES[feature].notForPeople) ?? []);
}

/** Adds the features without which these do not exist. */
export function addRequiredFeatures(features: readonly FeatureName[]): FeatureName[] {
  const required = features.flatMap((name) => FEATURES[name].requires ?? []);
  return [...new Set([...features, ...required])];
}

function joinPermissions(all: readonly Partial<Permissions>[]): Permissions {
  const collect = (cloud: keyof Permissions) => [
    ...new Set(all.flatMap((permissions) => permissions[cloud] ?? [])),
  ];
  return { graph: collect("graph"), cloudflare: collect("cloudflare") };
}
