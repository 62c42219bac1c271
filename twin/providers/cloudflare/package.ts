/** The cloudflare stand-in: its settings, and one table of what it has. */

import { accessApplication } from "../cloudflare-access/application";
import { accessGroup } from "../cloudflare-access/group";
import { accessPolicy } from "../cloudflare-access/policy";
import { gatewayPolicy } from "../cloudflare-networks/gateway-policy";
import { hostnameRoute, tunnelRoute } from "../cloudflare-networks/routes";
import { virtualNetwork } from "../cloudflare-networks/virtual-network";
import { network, refuseRemote, type Wire } from "../http";
import type { Package } from "../resource";
import { Cloudflare } from "./api";
import { identityProvider } from "./identity-provider";
import { getZeroTrustOrganization } from "./organization";

const TOKEN = /^[0-9A-Za-z_-]{40,80}$/;
const TOKEN_RULE =
  "Invalid Attribute Value. Attribute api_token API tokens must only contain characters a-z, A-Z, 0-9, hyphens and underscores";

/** Tests replace `wire`, to put faults on it and not to wait. */
export function cloudflare(wire: Wire = network, env = process.env): Package<Cloudflare> {
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
      if (token === "") throw new Error("no credentials: set cloudflare:apiToken or CLOUDFLARE_API_TOKEN");
      // A token from the environment is only known here.
      if (!TOKEN.test(token)) throw new Error(`could not validate provider configuration: ${TOKEN_RULE}`);
      return new Cloudflare(baseUrl.replace(/\/+$/, ""), token, wire, signal);
    },
    resources: {
      "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication": accessApplication,
      "cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup": accessGroup,
      "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy": accessPolicy,
      "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider": identityProvider,
      "cloudflare:index/zeroTrustGatewayPolicy:ZeroTrustGatewayPolicy": gatewayPolicy,
      "cloudflare:index/zeroTrustNetworkHostnameRoute:ZeroTrustNetworkHostnameRoute": hostnameRoute,
      "cloudflare:index/zeroTrustTunnelCloudflaredRoute:ZeroTrustTunnelCloudflaredRoute": tunnelRoute,
      "cloudflare:index/zeroTrustTunnelCloudflaredVirtualNetwork:ZeroTrustTunnelCloudflaredVirtualNetwork":
        virtualNetwork,
    },
    functions: {
      "cloudflare:index/getZeroTrustOrganization:getZeroTrustOrganization": getZeroTrustOrganization,
    },
  };
}
