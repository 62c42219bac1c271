import application from "./application.json";
import delegated from "./delegated.json";

/** The description of a Microsoft Graph permission on consent pages. */
export interface PermissionText {
  name: string;
  title: string;
  description: string;
}

/** Texts by name: title and description for administrators, then for users (null if there is none). */
type Texts = Record<string, (string | null)[]>;

/**
 * Returns the texts of a delegated permission.
 *
 * Source: microsoftgraph/microsoft-graph-devx-content (MIT), permissions/permissions-descriptions.json
 *
 * @param audience an administrator who consents for all users, or a user
 */
export function getDelegatedText(name: string, audience: "administrator" | "user"): PermissionText {
  const [title, description, userTitle, userDescription] = (delegated as Texts)[name] ?? [];
  return audience === "user"
    ? { name, title: userTitle ?? title ?? name, description: userDescription ?? description ?? "" }
    : { name, title: title ?? name, description: description ?? "" };
}

/** Returns the texts of an application permission. */
export function getApplicationText(name: string): PermissionText {
  const [title, description] = (application as Texts)[name] ?? [];
  return { name, title: title ?? name, description: description ?? "" };
}
