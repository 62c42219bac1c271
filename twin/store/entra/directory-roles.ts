import { deriveId } from "../ids";

/**
 * The directory roles whose holders may consent for all users, with the ids of their templates. `everything`: also to
 * application permissions of Microsoft Graph.
 *
 * Sources: https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference,
 * https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent
 */
const ROLES = {
  "Global Administrator": { templateId: "62e90394-69f5-4237-9190-012177145e10", everything: true },
  "Privileged Role Administrator": { templateId: "e8611ab8-c189-46e8-94e1-60213ab1f814", everything: true },
  "Application Administrator": { templateId: "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", everything: false },
  "Cloud Application Administrator": {
    templateId: "158c047a-c907-4556-b7ef-446551a6b5f7",
    everything: false,
  },
} as const;

export type DirectoryRole = keyof typeof ROLES;

interface RoleHolder {
  roles: DirectoryRole[];
}

export const DIRECTORY_ROLES = Object.keys(ROLES) as DirectoryRole[];

/** Tells if the user may consent for all users to delegated permissions, and to application permissions if requested. */
export function mayConsent({ roles }: RoleHolder, o: { application: boolean }): boolean {
  return roles.some((role) => ROLES[role].everything || !o.application);
}

/** A directory role that at least one user of the tenant has. */
export interface ActiveRole {
  id: string;
  displayName: DirectoryRole;
  roleTemplateId: string;
}

/** Lists the directory roles that are assigned in the tenant. @param user lists only this user's */
export function listActiveRoles(
  tenant: { id: string; users: ReadonlyMap<string, RoleHolder> },
  user?: RoleHolder,
): ActiveRole[] {
  const held = new Set((user ? [user] : [...tenant.users.values()]).flatMap(({ roles }) => roles));
  return DIRECTORY_ROLES.filter((role) => held.has(role)).map((displayName) => {
    const { templateId } = ROLES[displayName];
    return { id: deriveId(tenant.id, "directoryRole", templateId), displayName, roleTemplateId: templateId };
  });
}
