/** A difference between Microsoft's table and the azuread provider's documentation. */
export interface PermissionSource {
  readonly resource: string;
  /** Calls of the resource that decide. */
  readonly calls: readonly string[];
  /** An entry of Microsoft's table for each of these calls. */
  readonly microsoft: string;
  /** Names in azuread's documentation: docs/resources and docs/data-sources of hashicorp/terraform-provider-azuread. */
  readonly azuread: string;
  /** A permission of azuread's documentation that Microsoft's table does not accept for one of the calls. */
  readonly notAccepted?: string;
  readonly reason: string;
}

export const PERMISSION_SOURCES: readonly PermissionSource[] = [
  {
    resource: "admin consent, `ServicePrincipalDelegatedPermissionGrant`",
    calls: ["POST /oauth2PermissionGrants", "PATCH /oauth2PermissionGrants/{id}"],
    microsoft: "DelegatedPermissionGrant.ReadWrite.All",
    azuread: "Directory.ReadWrite.All; for a person Global Administrator",
    reason:
      "Microsoft's: azuread's page is older than the permission. For a person, Microsoft's [tutorial](https://learn.microsoft.com/powershell/microsoftgraph/tutorial-grant-delegated-api-permissions) names Cloud Application Administrator.",
  },
  {
    resource: "owners of `Application` and `ServicePrincipal` that are added later",
    calls: ["POST /applications/{id}/owners/$ref", "POST /servicePrincipals/{id}/owners/$ref"],
    microsoft: "Application.ReadWrite.OwnedBy and Directory.Read.All",
    azuread: "Application.ReadWrite.OwnedBy, and User.Read.All if people are owners",
    notAccepted: "Application.ReadWrite.OwnedBy",
    reason:
      'Microsoft\'s: its table has a column "also requires", which excerpts often lack. An application that is created with its owners needs no more, because they are in the body.',
  },
  {
    resource: "assignments, `AppRoleAssignment`",
    calls: ["POST /servicePrincipals/{id}/appRoleAssignedTo"],
    microsoft: "AppRoleAssignment.ReadWrite.All and Application.Read.All",
    azuread:
      "the same, or Directory.Read.All beside it, Application.ReadWrite.All or Directory.ReadWrite.All",
    notAccepted: "Directory.ReadWrite.All",
    reason: "Microsoft's: it does not list Directory.ReadWrite.All for this call.",
  },
  {
    resource: "owned Entra groups, `Group`",
    calls: ["GET /groups/{id}/memberOf"],
    microsoft: "GroupMember.Read.All",
    azuread: "Group.ReadWrite.All alone",
    notAccepted: "Group.ReadWrite.All",
    reason:
      "Both: the provider also reads the administrative units of a group, a call for which Microsoft does not list Group.ReadWrite.All.",
  },
  {
    resource: "Entra groups that are looked up, `getGroup`",
    calls: ["GET /groups", "GET /groups/{id}/members"],
    microsoft: "GroupMember.Read.All",
    azuread: "Group.Read.All or Directory.Read.All",
    reason: "Microsoft's: Group.Read.All also opens conversations and files of groups.",
  },
  {
    resource: "creating an `Application`",
    calls: ["POST /applications"],
    microsoft: "Application.ReadWrite.OwnedBy",
    azuread: "Application.ReadWrite.OwnedBy or Application.ReadWrite.All",
    reason: "They agree. Neither accepts Directory.ReadWrite.All, which is often granted for it.",
  },
];
