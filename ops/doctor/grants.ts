/** How rights that are missing are granted. */

/** Application permissions of Microsoft Graph: https://learn.microsoft.com/graph/permissions-reference */
const APP_ROLES: Readonly<Record<string, string>> = {
  "Application.ReadWrite.OwnedBy": "18a4783c-866b-4cc7-a460-3d5e5662c884",
  "DelegatedPermissionGrant.ReadWrite.All": "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
  "GroupMember.Read.All": "98830695-27a2-44f7-8c18-0c3ebc9698f6",
  "AppRoleAssignment.ReadWrite.All": "06b708a9-e830-4db3-a914-8e69da51d44f",
  "Application.Read.All": "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
};
const MICROSOFT_GRAPH = "00000003-0000-0000-c000-000000000000";

/** Clouds as the Azure CLI calls them; the public one is its default. */
const CLI_CLOUDS: Readonly<Record<string, string>> = {
  usgovernment: "AzureUSGovernment",
  china: "AzureChinaCloud",
};

/**
 * The commands of the Azure CLI, for a Privileged Role Administrator of the tenant.
 *
 * @param appId client id of the deployer
 * @param environment cloud as the azuread provider calls it
 */
export function describeGraphGrant(
  appId: string,
  permissions: readonly string[],
  environment = "public",
): string {
  const cloud = CLI_CLOUDS[environment];
  const roles = permissions.map((name) => `${APP_ROLES[name]}=Role`).join(" ");
  return [
    ...(cloud ? [`az cloud set --name ${cloud}`] : []),
    `az ad app permission add --id ${appId} --api ${MICROSOFT_GRAPH} --api-permissions ${roles}`,
    `az ad app permission admin-consent --id ${appId}`,
  ].join(" && ");
}

/** The place in the dashboard: tokens belong to an account or to a user. */
export function describeCloudflareGrant(accountId: string): string {
  return (
    `Add it to the token, for this account ("Write" is "Edit" there): https://dash.cloudflare.com/${accountId}/api-tokens, ` +
    "for a user's token https://dash.cloudflare.com/profile/api-tokens"
  );
}
