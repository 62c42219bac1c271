import { MICROSOFT_GRAPH_ID } from "../clients/service-principals";

/** Application permissions of Microsoft Graph: https://learn.microsoft.com/graph/permissions-reference */
const APP_ROLES: Readonly<Record<string, string>> = {
  "Application.ReadWrite.OwnedBy": "18a4783c-866b-4cc7-a460-3d5e5662c884",
  "DelegatedPermissionGrant.ReadWrite.All": "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
  "GroupMember.Read.All": "98830695-27a2-44f7-8c18-0c3ebc9698f6",
  "AppRoleAssignment.ReadWrite.All": "06b708a9-e830-4db3-a914-8e69da51d44f",
  "Application.Read.All": "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
};

/** Clouds by the names of the Azure CLI; its default is the public cloud. */
const CLI_CLOUDS: Readonly<Record<string, string>> = {
  usgovernment: "AzureUSGovernment",
  china: "AzureChinaCloud",
};

/**
 * Returns the Azure CLI commands with which a Privileged Role Administrator grants permissions.
 *
 * @param appId client id of the deployer
 * @param environment cloud by the name of the azuread provider
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
    `az ad app permission add --id ${appId} --api ${MICROSOFT_GRAPH_ID} --api-permissions ${roles}`,
    `az ad app permission admin-consent --id ${appId}`,
  ].join(" && ");
}

/** Describes where in the dashboard a permission is added to a token of an account or of a user. */
export function describeCloudflareGrant(accountId: string): string {
  return (
    `Add it to the token for this account (the dashboard calls "Write" "Edit"): https://dash.cloudflare.com/${accountId}/api-tokens, ` +
    "or for a user's token: https://dash.cloudflare.com/profile/api-tokens"
  );
}
