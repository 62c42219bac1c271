import type { PermissionComparison } from "./compare";

/** A directory role that a job asks for. */
interface DirectoryRole {
  /** Id of its template, as tokens name it in `wids`. */
  readonly id: string;
  /** Roles that may do all that it may do, as far as the jobs need it. */
  readonly wider?: readonly string[];
}

/** https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference */
export const DIRECTORY_ROLES: Readonly<Record<string, DirectoryRole>> = {
  "Cloud Application Administrator": {
    id: "158c047a-c907-4556-b7ef-446551a6b5f7",
    wider: ["Application Administrator", "Global Administrator"],
  },
  "Groups Administrator": {
    id: "fdd7a751-b60b-444a-984c-02652fe8fa1c",
    wider: ["User Administrator", "Global Administrator"],
  },
  "Application Administrator": { id: "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3" },
  "User Administrator": { id: "fe930be7-5e62-47db-91af-98c3a49a38b1" },
  "Privileged Role Administrator": {
    id: "e8611ab8-c189-46e8-94e1-60213ab1f814",
    wider: ["Global Administrator"],
  },
  "Global Administrator": { id: "62e90394-69f5-4237-9190-012177145e10" },
};

/** Roles with which somebody could take over the tenant; of others, a person may have any besides. */
const POWERFUL = ["Privileged Role Administrator", "Global Administrator"];

/** Compares the roles that a person has activated with those that a job needs. @param wids of the access token */
export function compareRoles(needed: readonly string[], wids: readonly string[]): PermissionComparison {
  const held = Object.keys(DIRECTORY_ROLES).filter((name) => wids.includes(DIRECTORY_ROLES[name]?.id ?? ""));
  const missing = needed.filter(
    (name) => ![name, ...(DIRECTORY_ROLES[name]?.wider ?? [])].some((one) => held.includes(one)),
  );
  const excess = POWERFUL.filter((name) => held.includes(name) && !needed.includes(name));
  return { missing, excess };
}
