/** Whether people see an application in My Apps: a tag of its service principal. */
import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";

/** The tag that the portal's "Visible to users: No" sets. */
const HIDDEN = "HideApp";
/** The tag that the portal gives each service principal, without which its list leaves it out. */
const ENTERPRISE_APPLICATION = "WindowsAzureActiveDirectoryIntegratedApp";

/**
 * Reads the tags of an application's service principal; those of a new one where there is none.
 *
 * @param clientId after the stack's last update; undefined before the first
 */
export async function readServicePrincipalTags(
  clientId: string | undefined,
  opts: pulumi.InvokeOptions,
): Promise<string[]> {
  if (clientId === undefined) return [ENTERPRISE_APPLICATION];
  const args = { clientIds: [clientId], ignoreMissing: true };
  const { servicePrincipals } = await azuread.getServicePrincipals(args, opts);
  return servicePrincipals[0]?.tags ?? [ENTERPRISE_APPLICATION];
}

/** Adds the tag that hides an application, or removes it, and keeps the others. */
export function setVisibility(hidden: boolean, present: pulumi.Input<string[]>): pulumi.Output<string[]> {
  return pulumi.output(present).apply((tags) => {
    const others = tags.filter((tag) => tag !== HIDDEN);
    return hidden ? [...others, HIDDEN] : others;
  });
}
