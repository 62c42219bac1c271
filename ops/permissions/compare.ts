import { FEATURES, type FeatureName, JOBS, type Job } from "../../config/deployer/jobs";

/** The outcome of comparing what an identity has with what its job needs. */
export interface PermissionComparison {
  /** Needed and not granted. */
  readonly missing: readonly string[];
  /** Granted and not needed: `"Directory.ReadWrite.All"`, or `"A (A instead of B)"`. */
  readonly excess: readonly string[];
}

/** Wider permissions, each of which serves all requests that a job makes with the least one. */
const WIDER_PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  "Application.ReadWrite.OwnedBy": ["Application.ReadWrite.All"],
  "DelegatedPermissionGrant.ReadWrite.All": ["Directory.ReadWrite.All"],
  "AppRoleAssignment.ReadWrite.All": ["Application.ReadWrite.All"],
  "Application.Read.All": ["Directory.Read.All", "Application.ReadWrite.All"],
  "AuthenticationContext.Read.All": [
    "AuthenticationContext.ReadWrite.All",
    "Policy.Read.ConditionalAccess",
    "Policy.ReadWrite.ConditionalAccess",
  ],
  "GroupMember.Read.All": ["Group.Read.All", "Directory.Read.All"],
  "User.Read.All": ["Directory.Read.All"],
  "Synchronization.Read.All": ["Synchronization.ReadWrite.All"],
};

/** Permissions that an identity may have for reports of other commands, which say when one is missing. */
const ALWAYS_OPTIONAL = ["AuditLog.Read.All", "Account API Tokens Read", "Access: Service Tokens Read"];

const OPTIONAL: ReadonlySet<string> = new Set([
  ...ALWAYS_OPTIONAL,
  ...Object.values<Job>(JOBS).flatMap(({ optional }) => optional.map(({ permission }) => permission)),
]);

/** Compares permissions on Microsoft Graph, or of a Cloudflare token, with the needed ones. */
export function comparePermissions(
  needed: readonly string[],
  granted: readonly string[],
): PermissionComparison {
  const findGranted = (least: string) =>
    [least, ...listWiderPermissions(least, needed)].find((one) => granted.includes(one));
  const used = new Map<string, string>();
  for (const least of needed) {
    const permission = findGranted(least);
    if (permission !== undefined && !used.has(permission)) used.set(permission, least);
  }
  const excess = granted.flatMap((permission) => {
    const least = used.get(permission);
    if (needed.includes(permission) || (least === undefined && OPTIONAL.has(permission))) return [];
    return [least === undefined ? permission : `${permission} (instead of ${least})`];
  });
  return { missing: needed.filter((least) => findGranted(least) === undefined), excess };
}

/** Lists the permissions that serve as well as the least one, for a job that needs all of these. */
export function listWiderPermissions(least: string, needed: readonly string[]): readonly string[] {
  // A token that may write may read too.
  if (least.endsWith(" Read")) return [least.replace(/Read$/, "Write")];
  // Microsoft lists no other permission for policies of Conditional Access.
  const isExact = least === "Application.Read.All" && needed.includes("Policy.ReadWrite.ConditionalAccess");
  return isExact ? [] : (WIDER_PERMISSIONS[least] ?? []);
}

/**
 * Finds the features of a stack that need permissions of their own.
 *
 * @param read returns the setting of a name as JSON; empty where it is not set
 */
export async function findFeatures(read: (name: string) => string | Promise<string>): Promise<FeatureName[]> {
  const names = ["access", "conditionalAccess", "identityProvider"] as const;
  const [access = "", conditionalAccess = "", identityProvider = ""] = await Promise.all(names.map(read));
  const settings: AccessSettings = JSON.parse(access || "{}");
  const listSettings = (...parts: string[]) =>
    parts.flatMap((part) => Object.values((settings[part] as object | undefined) ?? {})) as Routed[];
  const privateDestinations = listSettings("privateRanges", "privateHostnames");
  const present: Readonly<Record<FeatureName, boolean>> = {
    accessRules:
      listSettings("policies", "applications").length > 0 || settings.deviceEnrolment !== undefined,
    entraGroups: /"entraGroups"/.test(access),
    assignedOnly: /"assignedOnly":true/.test(access),
    ownedEntraGroups: listSettings("ownedEntraGroups").length > 0,
    privateDestinations: privateDestinations.length > 0,
    routes:
      privateDestinations.some(({ routes }) => routes === "make") ||
      listSettings("virtualNetworks").some((network) => "displayName" in network),
    // The settings do not tell whether an owner is added; SCIM by itself needs no further permission.
    addedOwners: false,
    scim: false,
    managedProvisioning: /"provisioning":"managed"/.test(identityProvider + access),
    conditionalAccess: /"(policies|namedLocations)":\{"/.test(conditionalAccess),
    authenticationContexts: /"conditionalAccessEnabled":true/.test(identityProvider),
    requiredContexts: /"authenticationContext":/.test(access),
  };
  return (Object.keys(FEATURES) as FeatureName[]).filter((name) => present[name]);
}

type AccessSettings = Readonly<Record<string, unknown>>;

interface Routed {
  readonly routes?: string;
}

/** Describes a comparison in one line: `"all but A, B; too much: C"`. */
export function describeComparison({ missing, excess }: PermissionComparison): string {
  const all = missing.length === 0 ? "all" : `all but ${missing.join(", ")}`;
  return excess.length === 0 ? all : `${all}; too much: ${excess.join(", ")}`;
}
