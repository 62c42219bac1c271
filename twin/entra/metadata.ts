/**
 * The cloud's own description, from which the azuread provider learns every other address. One origin plays all
 * of them: the provider asks for tokens of `microsoftGraphResourceId` and calls it.
 *
 * Shape: `/metadata/endpoints?api-version=2022-09-01` of Azure Resource Manager, as hashicorp/go-azure-sdk reads it.
 */
export function metadata(origin: string): Record<string, unknown> {
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
