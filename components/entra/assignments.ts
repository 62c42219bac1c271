import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";

export interface EntraAssignmentsArgs {
  /** Object id of the application's service principal. */
  servicePrincipalObjectId: pulumi.Input<string>;
  /** Id of the app role that is assigned to the groups. */
  appRoleId: pulumi.Input<string>;
  /**
   * Object ids of Entra groups by a stable name, which is part of the resource name. Their direct members may sign in;
   * Entra does not count members of nested groups.
   */
  groups: ReadonlyMap<string, pulumi.Input<string>>;
}

/**
 * Assignments of Entra groups to an application that only assigned people may sign in to.
 *
 * @example
 * new EntraAssignments("entra", {
 *   servicePrincipalObjectId: application.servicePrincipalObjectId,
 *   appRoleId: application.appRoleId,
 *   groups: new Map([["engineers", "70c461b8-92ea-4fd3-9b87-c3b4ef60d297"]]),
 * });
 */
export class EntraAssignments extends pulumi.ComponentResource {
  constructor(name: string, args: EntraAssignmentsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entra-access:index:EntraAssignments", name, {}, opts);
    for (const [key, principalObjectId] of args.groups) {
      new azuread.AppRoleAssignment(
        `${name}-assignment-${key}`,
        {
          appRoleId: args.appRoleId,
          principalObjectId,
          resourceObjectId: args.servicePrincipalObjectId,
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
