/** The functions of the cloudflare plugin that list the objects of an account; `results` have the properties of the resource. */

import type { FunctionDefinition, ResourceType } from "../bridge/resource";
import { boolean, integer, string, type Table } from "../bridge/table/properties";
import { accessApplicationResource } from "./access/application";
import { type CloudflareApi, getScopePath } from "./api";
import { identityProviderResource } from "./identity-provider";
import { fromApi, toApi } from "./naming";
import { gatewayPolicyResource } from "./networks/gateway-policy";
import { hostnameRouteResource, tunnelRouteResource } from "./networks/routes";
import { virtualNetworkResource } from "./networks/virtual-network";

interface ListDefinition {
  /** The properties of an object, beside its id. */
  resource: Pick<ResourceType<CloudflareApi>, "table">;
  /** Below `/accounts/<id>`. */
  path: string;
  /** Further arguments, which become query parameters. */
  filters?: Table;
  hasPages?: boolean;
}

const DEFAULT_MAX_ITEMS = 1000;

function createListFunction({
  resource,
  path,
  filters = {},
  hasPages = true,
}: ListDefinition): FunctionDefinition<CloudflareApi> {
  return {
    table: { accountId: string(), maxItems: integer(), ...filters },
    async invoke(cloudflare, { accountId, maxItems = DEFAULT_MAX_ITEMS, ...query }) {
      const params = Object.entries(toApi(filters, query)).map(([name, value]) => [name, String(value)]);
      const at = `${getScopePath({ accountId })}${path}`;
      const all = await cloudflare.list(at, Object.fromEntries(params), hasPages);
      const results = all
        .slice(0, Number(maxItems))
        .map((one) => fromApi({ ...resource.table, id: string() }, one));
      return { accountId, ...query, results };
    },
  };
}

const isDeleted = boolean();
/** Objects of which the functions give more, which no program here reads. */
const named = { table: { name: string() } };

export const listFunctions: Readonly<Record<string, FunctionDefinition<CloudflareApi>>> = {
  "cloudflare:index/getZeroTrustAccessApplications:getZeroTrustAccessApplications": createListFunction({
    resource: accessApplicationResource,
    path: "/access/apps",
  }),
  "cloudflare:index/getZeroTrustAccessIdentityProviders:getZeroTrustAccessIdentityProviders":
    createListFunction({ resource: identityProviderResource, path: "/access/identity_providers" }),
  "cloudflare:index/getZeroTrustAccessServiceTokens:getZeroTrustAccessServiceTokens": createListFunction({
    resource: named,
    path: "/access/service_tokens",
  }),
  "cloudflare:index/getZeroTrustAccessTags:getZeroTrustAccessTags": createListFunction({
    resource: named,
    path: "/access/tags",
  }),
  "cloudflare:index/getZeroTrustTunnelCloudflareds:getZeroTrustTunnelCloudflareds": createListFunction({
    resource: named,
    path: "/cfd_tunnel",
    filters: { isDeleted },
  }),
  "cloudflare:index/getZeroTrustGatewayPolicies:getZeroTrustGatewayPolicies": createListFunction({
    resource: gatewayPolicyResource,
    path: "/gateway/rules",
    hasPages: false,
  }),
  "cloudflare:index/getZeroTrustNetworkHostnameRoutes:getZeroTrustNetworkHostnameRoutes": createListFunction({
    resource: hostnameRouteResource,
    path: "/zerotrust/routes/hostname",
    filters: { isDeleted },
  }),
  "cloudflare:index/getZeroTrustTunnelCloudflaredRoutes:getZeroTrustTunnelCloudflaredRoutes":
    createListFunction({ resource: tunnelRouteResource, path: "/teamnet/routes", filters: { isDeleted } }),
  "cloudflare:index/getZeroTrustTunnelCloudflaredVirtualNetworks:getZeroTrustTunnelCloudflaredVirtualNetworks":
    createListFunction({
      resource: virtualNetworkResource,
      path: "/teamnet/virtual_networks",
      filters: { isDeleted },
      hasPages: false,
    }),
};
