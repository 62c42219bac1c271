/**
 * Builds the description of the cloud, from which the azuread provider reads all other addresses. Here one origin stands
 * for all of them: the provider requests tokens for `microsoftGraphResourceId` and calls it.
 *
 * Shape: `/metadata/endpoints?api-version=2022-09-01` of Azure Resource Manager, as hashicorp/go-azure-sdk reads it.
 */
export function buildMetadata(origin: string): Record<string, unknown> {
  return {
    portal: origin,
    authentication: {
      loginEndpoint: origin,
      audiences: [origin],
      tenant: "common",
      identityProvider: "AAD",
    },
    media: origin,
    graphAudience: origin,
    graph: origin,
    name: "EntraAccessTwin",
    suffixes: {
      azureDataLakeStoreFileSystem: "",
      acrLoginServer: "",
      sqlServerHostname: "",
      keyVaultDns: "",
      storage: "twin.invalid",
    },
    batch: origin,
    resourceManager: origin,
    vmImageAliasDoc: origin,
    activeDirectoryDataLake: origin,
    sqlManagement: origin,
    microsoftGraphResourceId: origin,
    gallery: origin,
  };
}
