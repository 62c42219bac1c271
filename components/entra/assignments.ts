import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { type AccessRulesConfig, listAdmittedEntraGroups, listEntraGroups } from "../../config/access/rules";
import { listOwnTenantNames } from "../../config/identity-providers";
import { getOwn } from "../map-values";
import type { Directories, DirectoriesArgs } from "./directory/directories";

/** An Entra group whose direct members may sign in. Entra does not count members of nested groups. */
export interface AssignedGroup {
  /** The end of the resource name, e.g. "engineers". It must not change while the group stays the same. */
  name: string;
  objectId: pulumi.Input<string>;
  /** The name in release 0.1.0, if it was another. */
  formerName?: string | undefined;
}

export interface EntraAssignmentsArgs {
  /** Object id of the application's service principal. */
  servicePrincipalObjectId: pulumi.Input<string>;
  /** Id of the app role that is assigned to the groups. */
  appRoleId: pulumi.Input<string>;
  /** The groups that are assigned. */
  groups: readonly AssignedGroup[];
  /** Hooks of each assignment; default: none. */
  hooks?: pulumi.ResourceHookBinding | undefined;
}

/**
 * Assignments of Entra groups to an application that only assigned people may sign in to.
 *
 * @example
 * new EntraAssignments("entra", {
 *   servicePrincipalObjectId: application.servicePrincipalObjectId,
 *   appRoleId: "6b1a7e52-3f0c-4d6a-9a53-0e2f8c1d7b94",
 *   groups: [{ name: "engineers", objectId: "70c461b8-92ea-4fd3-9b87-c3b4ef60d297" }],
 * });
 */
export class EntraAssignments extends pulumi.ComponentResource {
  constructor(name: string, args: EntraAssignmentsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entra-access:index:EntraAssignments", name, {}, { ...opts, aliases: [getFormerParent()] });
    for (const { name: key, formerName, objectId } of args.groups) {
      new azuread.AppRoleAssignment(
        `${name}-assignment-${key}`,
        {
          appRoleId: args.appRoleId,
          principalObjectId: objectId,
          resourceObjectId: args.servicePrincipalObjectId,
        },
        {
          parent: this,
          ...(args.hooks && { hooks: args.hooks }),
          ...(formerName !== undefined && { aliases: [{ name: `${name}-assignment-${formerName}` }] }),
        },
      );
    }
    this.registerOutputs({});
  }
}

/** Returns the place of assignments in release 0.1.0, below the component of the access rules. */
function getFormerParent(): pulumi.Alias {
  return { parent: pulumi.createUrn("access", "entra-access:index:Access") };
}

type GroupRules = Pick<AccessRulesConfig, "groups" | "policies"> &
  Pick<DirectoriesArgs, "ownedEntraGroups" | "identityProviders">;

/**
 * Selects the groups of an identity provider that access rules admit, under names that stay the same between updates.
 *
 * @param entraGroups object ids by display name or object id, by the name of the identity provider
 */
export function selectAssignedGroups(
  access: GroupRules,
  identityProvider: string,
  entraGroups: Directories["entraGroups"],
): AssignedGroup[] {
  const admitted = listAdmittedEntraGroups(access, identityProvider);
  return selectGroups(admitted, access, identityProvider, entraGroups);
}

/**
 * Selects the groups of an identity provider that access rules include, require or exclude. Cloudflare has to know the members
 * of all of them.
 */
export function selectProvisionedGroups(
  access: GroupRules,
  identityProvider: string,
  entraGroups: Directories["entraGroups"],
): AssignedGroup[] {
  return selectGroups(listEntraGroups(access, identityProvider), access, identityProvider, entraGroups);
}

function selectGroups(
  references: readonly string[],
  { ownedEntraGroups, identityProviders }: Omit<GroupRules, "groups" | "policies">,
  identityProvider: string,
  entraGroups: Directories["entraGroups"],
): AssignedGroup[] {
  const objectIds = getOwn(entraGroups, identityProvider) ?? new Map();
  const isOwnTenant = listOwnTenantNames(identityProviders).includes(identityProvider);
  const owned = isOwnTenant ? ownedEntraGroups : {};
  const names = new Map(Object.entries(owned).map(([name, { displayName }]) => [displayName, name]));
  const groups = references.flatMap((reference): AssignedGroup[] => {
    const [objectId, name] = [objectIds.get(reference), names.get(reference)];
    if (name !== undefined && objectId !== undefined) return [{ name, objectId, formerName: reference }];
    return typeof objectId === "string" ? [{ name: objectId, objectId }] : [];
  });
  return [...new Map(groups.map((group) => [group.name, group])).values()];
}
