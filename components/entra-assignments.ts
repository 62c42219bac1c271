import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";

export interface EntraAssignmentsArgs {
  /** Object id of the application's service principal. */
  servicePrincipalObjectId: pulumi.Input<string>;
  /** Id of the app role that the groups get. */
  appRoleId: pulumi.Input<string>;
  /**
   * Object ids of Entra groups by a name that stays: it is part of the resource's. Direct members of them may sign in;
   * Entra does not count those of groups inside.
   */
  groups: ReadonlyMap<string, pulumi.Input<string>>;
}

/**
 * Who may sign in to an application that asks for assignment.
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
