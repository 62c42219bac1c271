import { deriveId } from "../ids";

/** A role with the consent that its holders may give for all users. */
interface Role {
  templateId: string;
  /** `all`: also to application permissions of Microsoft Graph. Absent: none. */
  consent?: "delegated" | "all";
}

/**
 * Directory roles by name, with the ids of their templates.
 *
 * Sources: https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference,
 * https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent
 */
const ROLES = {
  "Global Administrator": { templateId: "62e90394-69f5-4237-9190-012177145e10", consent: "all" },
  "Privileged Role Administrator": { templateId: "e8611ab8-c189-46e8-94e1-60213ab1f814", consent: "all" },
  "Application Administrator": { templateId: "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", consent: "delegated" },
  "Cloud Application Administrator": {
    templateId: "158c047a-c907-4556-b7ef-446551a6b5f7",
    consent: "delegated",
  },
  "Conditional Access Administrator": { templateId: "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9" },
  "Directory Readers": { templateId: "88d8e3e3-8f55-4a1e-953a-9b9898b8876b" },
  "Global Reader": { templateId: "f2ef992c-3afb-46b9-b7cf-a126ee74c451" },
  "Groups Administrator": { templateId: "fdd7a751-b60b-444a-984c-02652fe8fa1c" },
  "Reports Reader": { templateId: "4a5d8f65-41da-4de4-8968-e035b65339cf" },
  "Security Reader": { templateId: "5d6b6bb7-de71-4623-b4af-96380a352509" },
  "User Administrator": { templateId: "fe930be7-5e62-47db-91af-98c3a49a38b1" },
} as const satisfies Record<string, Role>;

export type DirectoryRole = keyof typeof ROLES;

interface RoleHolder {
  roles: DirectoryRole[];
}

export const DIRECTORY_ROLES = Object.keys(ROLES) as DirectoryRole[];

/** Tells if the user may consent for all users to delegated permissions, and to application permissions if requested. */
export function mayConsent({ roles }: RoleHolder, o: { application: boolean }): boolean {
  return roles.some((role) => {
    const { consent }: Role = ROLES[role];
    return consent === "all" || (consent === "delegated" && !o.application);
  });
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

/** Lists the ids of the templates of a person's roles, as tokens name them in `wids`. */
export function listRoleTemplateIds({ roles }: RoleHolder): string[] {
  return roles.map((role) => ROLES[role].templateId);
}
