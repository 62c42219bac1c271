/** The azuread stand-in: its settings, and one table of what it has. */

import { getGroup, getGroups } from "../entra-groups/functions";
import { group } from "../entra-groups/group";
import { network, type Wire } from "../http";
import { Graph } from "../microsoft-graph/client";
import type { Package } from "../resource";
import { appRoleAssignment } from "./app-role-assignment";
import { application } from "./application";
import { applicationPassword } from "./application-password";
import { getClientConfig, getServicePrincipal, getServicePrincipals } from "./functions";
import { permissionGrant } from "./permission-grant";
import { servicePrincipal } from "./service-principal";

/** Tests replace `wire`, to put faults on it and not to wait. */
export function azuread(wire: Wire = network, env = process.env): Package<Graph> {
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
      const missing = Object.entries(settings).find(([, value]) => value === "");
      if (missing) {
        throw new Error(
          `building client: unable to build authorizer for Microsoft Graph API: azuread:${missing[0]} is not set`,
        );
      }
      return Graph.connect(settings, wire, signal);
    },
    resources: {
      "azuread:index/appRoleAssignment:AppRoleAssignment": appRoleAssignment,
      "azuread:index/application:Application": application,
      "azuread:index/applicationPassword:ApplicationPassword": applicationPassword,
      "azuread:index/group:Group": group,
      "azuread:index/servicePrincipal:ServicePrincipal": servicePrincipal,
      "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant":
        permissionGrant,
    },
    functions: {
      "azuread:index/getClientConfig:getClientConfig": getClientConfig,
      "azuread:index/getGroup:getGroup": getGroup,
      "azuread:index/getGroups:getGroups": getGroups,
      "azuread:index/getServicePrincipal:getServicePrincipal": getServicePrincipal,
      "azuread:index/getServicePrincipals:getServicePrincipals": getServicePrincipals,
    },
  };
}
