/** The azuread stand-in: its settings, resources and functions. */

import { defaultNetwork, type HttpWire } from "../bridge/http";
import type { PackageDefinition } from "../bridge/resource";
import { appRoleAssignmentResource } from "./app-role-assignment";
import { applicationResource } from "./application/application";
import { federatedCredentialResource } from "./application/federated-credential";
import { getApplication } from "./application/function";
import { applicationPasswordResource } from "./application/password";
import { namedLocationResource } from "./conditional-access/named-location";
import { conditionalAccessPolicyResource } from "./conditional-access/policy";
import { getClientConfig, getServicePrincipals } from "./functions";
import { getGroups } from "./groups/functions";
import { groupResource } from "./groups/group";
import { readCliToken } from "./microsoft-graph/azure-cli";
import { GraphApi } from "./microsoft-graph/client";
import { findOidcToken } from "./microsoft-graph/oidc";
import { permissionGrantResource } from "./permission-grant";
import { applicationFromTemplateResource } from "./provisioning/application-from-template";
import { synchronizationJobResource } from "./provisioning/synchronization-job";
import { synchronizationSecretResource } from "./provisioning/synchronization-secret";
import { servicePrincipalResource } from "./service-principal";

/** Creates the package. @param wire replaced in tests, to inject faults and to avoid waiting */
export function createAzureadPackage(
  wire: HttpWire = defaultNetwork,
  env = process.env,
): PackageDefinition<GraphApi> {
  return {
    name: "azuread",
    version: "6.9.1",
    bridge: "sdk",
    secretSettings: ["clientCertificate", "clientCertificatePassword", "clientId", "clientSecret"],
    connect(config, signal) {
      const setting = (name: string, variable: string) => config[name] ?? env[variable] ?? "";
      const settings = {
        tenantId: setting("tenantId", "ARM_TENANT_ID"),
        clientId: setting("clientId", "ARM_CLIENT_ID"),
        clientSecret: setting("clientSecret", "ARM_CLIENT_SECRET"),
        metadataHost: setting("metadataHost", "ARM_METADATA_HOSTNAME"),
      };
      const readOidcToken = findOidcToken(setting, wire, signal);
      // Without a client, the provider takes the token of the Azure CLI, whose sign-in is a person's.
      const usesCli = settings.clientId === "" && settings.clientSecret === "";
      const missing = Object.entries(settings).find(
        ([name, value]) =>
          value === "" &&
          !(usesCli && name.startsWith("client")) &&
          !(readOidcToken && name === "clientSecret"),
      );
      if (missing) {
        throw new Error(
          `building client: unable to build authorizer for Microsoft Graph API: azuread:${missing[0]} is not set`,
        );
      }
      const readToken = usesCli ? (scope: string) => readCliToken(scope, settings.tenantId, env) : undefined;
      return GraphApi.connect(settings, wire, signal, { readCliToken: readToken, readOidcToken });
    },
    resources: {
      "azuread:index/appRoleAssignment:AppRoleAssignment": appRoleAssignmentResource,
      "azuread:index/application:Application": applicationResource,
      "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential":
        federatedCredentialResource,
      "azuread:index/applicationFromTemplate:ApplicationFromTemplate": applicationFromTemplateResource,
      "azuread:index/applicationPassword:ApplicationPassword": applicationPasswordResource,
      "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy": conditionalAccessPolicyResource,
      "azuread:index/group:Group": groupResource,
      "azuread:index/namedLocation:NamedLocation": namedLocationResource,
      "azuread:index/servicePrincipal:ServicePrincipal": servicePrincipalResource,
      "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant":
        permissionGrantResource,
      "azuread:index/synchronizationJob:SynchronizationJob": synchronizationJobResource,
      "azuread:index/synchronizationSecret:SynchronizationSecret": synchronizationSecretResource,
    },
    functions: {
      "azuread:index/getApplication:getApplication": getApplication,
      "azuread:index/getClientConfig:getClientConfig": getClientConfig,
      "azuread:index/getGroups:getGroups": getGroups,
      "azuread:index/getServicePrincipals:getServicePrincipals": getServicePrincipals,
    },
  };
}
