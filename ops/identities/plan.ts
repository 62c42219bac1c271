import { APP_ROLES, getRoleId } from "../../config/deployer/app-roles";
import type { FederatedCredential } from "../../config/deployer/issuers";

/** An identity as the options ask for it. */
export interface DesiredIdentity {
  readonly displayName: string;
  readonly description: string;
  /** Finds it again, whatever its display name is then. */
  readonly tag: string;
  /** Application permissions of Microsoft Graph. */
  readonly permissions: readonly string[];
  readonly credentials: readonly FederatedCredential[];
  /** Object ids of its owners besides whoever creates it. */
  readonly owners: readonly string[];
}

/** An identity as it is in the directory. */
export interface ExistingIdentity {
  readonly objectId: string;
  readonly appId: string;
  /** Absent if the application has no service principal. */
  readonly principalId?: string;
  /** Ids of the permissions that the application requests. */
  readonly requested: readonly string[];
  readonly granted: readonly { readonly id: string; readonly appRoleId: string }[];
  readonly credentials: readonly (FederatedCredential & { readonly id: string })[];
  readonly owners: readonly string[];
}

export interface IdentityPlan {
  readonly desired: DesiredIdentity;
  readonly existing?: ExistingIdentity | undefined;
  /** Object id of the service principal of Microsoft Graph, which grants the permissions. */
  readonly microsoftGraphId: string;
  readonly createsPrincipal: boolean;
  readonly changesRequest: boolean;
  readonly addedOwners: readonly string[];
  readonly addedCredentials: readonly FederatedCredential[];
  /** Permissions that an administrator has not consented to. */
  readonly grants: readonly string[];
  /** Present and not asked for; removed only on request. */
  readonly otherCredentials: ExistingIdentity["credentials"];
  readonly otherGrants: ExistingIdentity["granted"];
}

/** Compares an identity with the directory. */
export function planIdentity(
  desired: DesiredIdentity,
  existing: ExistingIdentity | undefined,
  microsoftGraphId: string,
): IdentityPlan {
  const roleIds = desired.permissions.map(getRoleId);
  const granted = existing?.granted ?? [];
  const credentials = existing?.credentials ?? [];
  const isSame = (a: FederatedCredential) => (b: FederatedCredential) =>
    a.issuer === b.issuer && a.subject === b.subject && a.audiences[0] === b.audiences[0];
  return {
    desired,
    existing,
    microsoftGraphId,
    createsPrincipal: existing?.principalId === undefined,
    changesRequest: roleIds.some((id) => !existing?.requested.includes(id)),
    addedOwners: existing ? desired.owners.filter((id) => !existing.owners.includes(id)) : [],
    addedCredentials: desired.credentials.filter((one) => !credentials.some(isSame(one))),
    grants: desired.permissions.filter(
      (name) => !granted.some(({ appRoleId }) => appRoleId === getRoleId(name)),
    ),
    otherCredentials: credentials.filter((one) => !desired.credentials.some(isSame(one))),
    otherGrants: granted.filter(({ appRoleId }) => !roleIds.includes(appRoleId)),
  };
}

const nameRole = (id: string) => Object.entries(APP_ROLES).find(([, known]) => known === id)?.[0] ?? id;

/** Describes what applying a plan does, one line per change; nothing where the identity is in sync. */
export function describePlan(plan: IdentityPlan, removesOthers: boolean): string[] {
  const { desired, existing } = plan;
  const isRemoved = (text: string) =>
    removesOthers ? `- remove ${text}` : `  keep ${text}; remove it: --remove-others`;
  const lines = [
    ...(existing ? [] : [`+ create application "${desired.displayName}"`]),
    ...(plan.createsPrincipal ? ["+ create its service principal"] : []),
    ...plan.addedOwners.map((id) => `+ add owner ${id}`),
    ...plan.addedCredentials.map(({ issuer, subject }) => `+ trust ${issuer}, subject ${subject}`),
    ...plan.grants.map((name) => `+ consent to ${name}`),
    ...(plan.changesRequest && plan.grants.length === 0 ? ["~ request its permissions"] : []),
    ...plan.otherCredentials.map(({ issuer, subject }) =>
      isRemoved(`the trust in ${issuer}, subject ${subject}`),
    ),
    ...plan.otherGrants.map(({ appRoleId }) => isRemoved(`the permission ${nameRole(appRoleId)}`)),
  ];
  return lines.length === 0 ? [] : [`${desired.displayName}:`, ...lines.map((line) => `  ${line}`)];
}

/** Tells if applying the plan changes something. */
export function isChange(plan: IdentityPlan, removesOthers: boolean): boolean {
  return describePlan(plan, removesOthers).some((line) => /^ {2}[+~-]/.test(line));
}
