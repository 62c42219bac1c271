/** A tag of its service principal decides whether people see an application in My Apps. */

/** The tag that the portal's "Visible to users: No" sets. */
const HIDDEN = "HideApp";
/** The tag that the portal gives each service principal, without which its list leaves it out. */
const ENTERPRISE_APPLICATION = "WindowsAzureActiveDirectoryIntegratedApp";

/**
 * Adds the tag that hides an application, or removes it, and keeps the others.
 *
 * @param present the tags of the service principal; default: those that the portal gives a new one
 */
export function setVisibility(
  hidden: boolean,
  present: readonly string[] = [ENTERPRISE_APPLICATION],
): string[] {
  const others = present.filter((tag) => tag !== HIDDEN);
  return hidden ? [...others, HIDDEN] : others;
}
