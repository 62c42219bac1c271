/** A tag of its service principal decides whether people see an application in My Apps. */
import * as azuread from "@pulumi/azuread";
import type * as pulumi from "@pulumi/pulumi";

/** The tag that the portal's "Visible to users: No" sets. */
const HIDDEN = "HideApp";
/** The tag that the portal gives each service principal, without which its list leaves it out. */
const ENTERPRISE_APPLICATION = "WindowsAzureActiveDirectoryIntegratedApp";

/** Reads the tags of an application's service principal; undefined where there is none. */
export async function readServicePrincipalTags(
  clientId: string,
  opts: pulumi.InvokeOptions,
): Promise<readonly string[] | undefined> {
  const args = { clientIds: [clientId], ignoreMissing: true };
  const { servicePrincipals } = await azuread.getServicePrincipals(args, opts);
  return servicePrincipals[0]?.tags;
}

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
