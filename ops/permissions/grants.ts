import { getCloudName } from "../../clouds/names";
import { getRoleId } from "../../config/deployer/app-roles";
import { MICROSOFT_GRAPH_ID } from "../clients/entra/service-principals";

/** Clouds by the names of the Azure CLI; its default is the public cloud. */
const CLI_CLOUDS: Readonly<Record<string, string>> = {
  usgovernment: "AzureUSGovernment",
  usgovernmentl5: "AzureUSGovernment",
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
  const cloud = CLI_CLOUDS[getCloudName(environment)];
  const roles = permissions.map((name) => `${getRoleId(name)}=Role`).join(" ");
  return [
    ...(cloud ? [`az cloud set --name ${cloud}`] : []),
    `az ad app permission add --id ${appId} --api ${MICROSOFT_GRAPH_ID} --api-permissions ${roles}`,
    `az ad app permission admin-consent --id ${appId}`,
  ].join(" && ");
}

/** Describes where in the dashboard a permission is added to a token of an account or of a user. */
export function describeCloudflareGrant(accountId: string): string {
  return `Add it to the token for this account (the dashboard calls "Write" "Edit"): ${describeTokenPages(accountId)}`;
}

/** Describes where an administrator revokes application permissions, which the Azure CLI has no command for. */
export function describeGraphRevocation(appId: string): string {
  return `Revoke what nothing else needs: Entra admin center, Enterprise applications, application id ${appId}, Permissions, Review permissions.`;
}

/** Describes where in the dashboard a permission is removed from a token. */
export function describeCloudflareRevocation(accountId: string): string {
  return `Remove from the token what nothing else needs: ${describeTokenPages(accountId)}`;
}

const describeTokenPages = (accountId: string) =>
  `https://dash.cloudflare.com/${accountId}/api-tokens, or for a user's token: https://dash.cloudflare.com/profile/api-tokens`;
