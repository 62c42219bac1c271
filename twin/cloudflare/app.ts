import { Hono } from "hono";
import type { TwinEnv } from "../http/requests";
import type { Store } from "../store/store";
import { accessRequestOperations } from "./access/access-requests";
import { accessApplicationOperations } from "./access/applications";
import { accessGroupOperations } from "./access/groups";
import { accessPolicyOperations } from "./access/policies";
import { serviceTokenOperations } from "./access/service-tokens";
import { tagOperations } from "./access/tags";
import { auditLogOperations, runAudited } from "./audit-logs";
import { authorizeCall, type CloudflareCall, type CloudflareOperation, refuseUnservedQuery } from "./call";
import { CloudflareError, cloudflareNotServed } from "./errors";
import { gatewayRuleOperations } from "./gateway/rules";
import { identityProviderOperations } from "./identity-providers";
import { hostnameRouteOperations } from "./networks/hostname-routes";
import { routeOperations } from "./networks/routes";
import { tunnelOperations } from "./networks/tunnels";
import { virtualNetworkOperations } from "./networks/virtual-networks";
import { organizationOperations } from "./organizations";
import { tokenOperations, verifyUserToken } from "./tokens";

const OPERATIONS: CloudflareOperation[] = [
  ...organizationOperations,
  ...identityProviderOperations,
  ...accessGroupOperations,
  ...accessPolicyOperations,
  ...accessApplicationOperations,
  ...serviceTokenOperations,
  ...tagOperations,
  ...accessRequestOperations,
  ...tunnelOperations,
  ...virtualNetworkOperations,
  ...routeOperations,
  ...hostnameRouteOperations,
  ...gatewayRuleOperations,
  ...tokenOperations,
  ...auditLogOperations,
];

/** Creates the app for Cloudflare API v4: Access, private networks, network policies and API tokens of accounts. */
export function createCloudflareApp(store: Store): Hono<TwinEnv> {
  const app = new Hono<TwinEnv>();
  for (const operation of OPERATIONS) {
    app.on(operation.method, `/client/v4/accounts/:account${operation.path}`, async (c) => {
      const call: CloudflareCall = { c, store, ...authorizeCall(c, store, operation) };
      refuseUnservedQuery(call, operation.query ?? []);
      const { status, result, resultInfo, messages = [] } = await runAudited(call, operation);
      const info = resultInfo ? { result_info: resultInfo } : {};
      return c.json({ result, success: true, errors: [], messages, ...info }, status);
    });
  }
  app.get("/client/v4/user/tokens/verify", (c) => {
    const { result, messages } = verifyUserToken(c, store);
    return c.json({ result, success: true, errors: [], messages });
  });
  app.all("*", (c) => {
    throw cloudflareNotServed(c.req);
  });
  app.onError((error, c) => {
    if (!(error instanceof CloudflareError)) throw error;
    return c.json(error.body(), error.status);
  });
  return app;
}
