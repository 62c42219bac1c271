/** The cloudflare stand-in: its settings, resources and functions. */

import { defaultNetwork, type HttpWire, refuseRemote } from "../bridge/http";
import type { PackageDefinition } from "../bridge/resource";
import { accessApplicationResource } from "./access/application";
import { accessGroupResource } from "./access/group";
import { accessPolicyResource } from "./access/policy";
import { CloudflareApi } from "./api";
import { identityProviderResource } from "./identity-provider";
import { listFunctions } from "./list-functions";
import { gatewayPolicyResource } from "./networks/gateway-policy";
import { hostnameRouteResource, tunnelRouteResource } from "./networks/routes";
import { virtualNetworkResource } from "./networks/virtual-network";
import { getZeroTrustOrganization } from "./organization";

const TOKEN = /^[0-9A-Za-z_-]{40,80}$/;
const TOKEN_RULE =
  "Invalid Attribute Value. Attribute api_token API tokens must only contain characters a-z, A-Z, 0-9, hyphens and underscores";

/** Creates the package. @param wire replaced in tests, to inject faults and to avoid waiting */
export function createCloudflarePackage(
  wire: HttpWire = defaultNetwork,
  env = process.env,
): PackageDefinition<CloudflareApi> {
  return {
    name: "cloudflare",
    version: "6.22.1",
    bridge: "framework",
    secretSettings: ["apiKey", "apiToken", "apiUserServiceKey"],
    checkConfig({ apiToken }) {
      return apiToken !== undefined && !TOKEN.test(apiToken) ? { apiToken: TOKEN_RULE } : {};
    },
    async connect(config, signal) {
      const token = config.apiToken ?? env.CLOUDFLARE_API_TOKEN ?? "";
      const baseUrl = config.baseUrl ?? env.CLOUDFLARE_BASE_URL ?? "";
      const remote = refuseRemote(baseUrl, "cloudflare:baseUrl (CLOUDFLARE_BASE_URL)");
      if (remote) throw new Error(remote);
      if (token === "") throw new Error("cloudflare:apiToken (CLOUDFLARE_API_TOKEN) is required");
      // `checkConfig` does not see a token from the environment.
      if (!TOKEN.test(token)) throw new Error(`could not validate provider configuration: ${TOKEN_RULE}`);
      return new CloudflareApi(baseUrl.replace(/\/+$/, ""), token, wire, signal);
    },
    resources: {
      "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication": accessApplicationResource,
      "cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup": accessGroupResource,
      "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy": accessPolicyResource,
      "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider":
        identityProviderResource,
      "cloudflare:index/zeroTrustGatewayPolicy:ZeroTrustGatewayPolicy": gatewayPolicyResource,
      "cloudflare:index/zeroTrustNetworkHostnameRoute:ZeroTrustNetworkHostnameRoute": hostnameRouteResource,
      "cloudflare:index/zeroTrustTunnelCloudflaredRoute:ZeroTrustTunnelCloudflaredRoute": tunnelRouteResource,
      "cloudflare:index/zeroTrustTunnelCloudflaredVirtualNetwork:ZeroTrustTunnelCloudflaredVirtualNetwork":
        virtualNetworkResource,
    },
    functions: {
      ...listFunctions,
      "cloudflare:index/getZeroTrustOrganization:getZeroTrustOrganization": getZeroTrustOrganization,
    },
  };
}
