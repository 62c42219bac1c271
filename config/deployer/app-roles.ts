/** Application permissions of Microsoft Graph: https://learn.microsoft.com/graph/permissions-reference */
export const APP_ROLES: Readonly<Record<string, string>> = {
  "Application.ReadWrite.OwnedBy": "18a4783c-866b-4cc7-a460-3d5e5662c884",
  "DelegatedPermissionGrant.ReadWrite.All": "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
  "GroupMember.Read.All": "98830695-27a2-44f7-8c18-0c3ebc9698f6",
  "AppRoleAssignment.ReadWrite.All": "06b708a9-e830-4db3-a914-8e69da51d44f",
  "Application.Read.All": "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
  "Directory.Read.All": "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
  "User.Read.All": "df021288-bdef-4463-88db-98f22de89214",
  "Group.ReadWrite.All": "62a82d76-70ea-41e2-9197-370581804d09",
  "Policy.Read.All": "246dd0d5-5bd0-4def-940b-0421030a5b68",
  "Policy.ReadWrite.ConditionalAccess": "01c0a623-fc9b-48e9-b794-0756f8e8f067",
  "Synchronization.Read.All": "5ba43d2f-fa88-4db2-bd1c-a67c5f0fb1ce",
  "Synchronization.ReadWrite.All": "9b50c33d-700f-43b1-b2eb-87e89b703581",
  "AuthenticationContext.Read.All": "381f742f-e1f8-4309-b4ab-e3d91ae4c5c1",
  "AuditLog.Read.All": "b0afded3-3588-46d8-8b3d-9842eff778da",
};

/** Returns the id of an application permission of Microsoft Graph that a job needs. */
export function getRoleId(permission: string): string {
  const id = APP_ROLES[permission];
  if (id === undefined) throw new Error(`the id of ${permission} is unknown`);
  return id;
}
