import application from "./application.json";
import delegated from "./delegated.json";

/** How a permission of Microsoft Graph is put to the person who consents. */
export interface PermissionText {
  name: string;
  title: string;
  description: string;
}

/** By name: title and description for administrators, then for people who consent for themselves; some have none. */
type Texts = Record<string, (string | null)[]>;

/**
 * The texts of delegated permissions.
 *
 * Source: microsoftgraph/microsoft-graph-devx-content (MIT), permissions/permissions-descriptions.json
 *
 * @param to whom: an administrator who consents for everybody, or a user
 */
export function delegatedText(name: string, to: "administrator" | "user"): PermissionText {
  const [title, description, userTitle, userDescription] = (delegated as Texts)[name] ?? [];
  return to === "user"
    ? { name, title: userTitle ?? title ?? name, description: userDescription ?? description ?? "" }
    : { name, title: title ?? name, description: description ?? "" };
}

/** The texts of an application permission. */
export function applicationText(name: string): PermissionText {
  const [title, description] = (application as Texts)[name] ?? [];
  return { name, title: title ?? name, description: description ?? "" };
}
