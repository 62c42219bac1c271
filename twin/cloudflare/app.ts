import { Hono } from "hono";
import type { TwinEnv } from "../http/requests";
import type { Store } from "../store/store";
import { accessRequestOperations } from "./access/access-requests";
import { applicationOperations } from "./access/applications";
import { groupOperations } from "./access/groups";
import { policyOperations } from "./access/policies";
import { serviceTokenOperations } from "./access/service-tokens";
import { tagOperations } from "./access/tags";
import { audited, auditLogOperations } from "./audit-logs";
import { authorize, type Call, checkQuery, type Operation } from "./call";
import { CloudflareError, notServed } from "./errors";
import { gatewayRuleOperations } from "./gateway/rules";
import { identityProviderOperations } from "./identity-providers";
import { hostnameRouteOperations } from "./networks/hostname-routes";
import { routeOperations } from "./networks/routes";
import { tunnelOperations } from "./networks/tunnels";
import { virtualNetworkOperations } from "./networks/virtual-networks";
import { organizationOperations } from "./organizations";
import { tokenOperations, verifyUserToken } from "./tokens";

const OPERATIONS: Operation[] = [
  ...organizationOperations,
  ...identityProviderOperations,
  ...groupOperations,
  ...policyOperations,
  ...applicationOperations,
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

/** Cloudflare API v4, as far as Access, private networks and network policies of one account and its API tokens go. */
export function cloudflareApp(store: Store): Hono<TwinEnv> {
  const app = new Hono<TwinEnv>();
  for (const operation of OPERATIONS) {
    app.on(operation.method, `/client/v4/accounts/:account${operation.path}`, async (c) => {
      const call: Call = { c, store, ...authorize(c, store, operation) };
      checkQuery(call, operation.query ?? []);
      const { status, result, resultInfo, messages = [] } = await audited(call, operation);
      const info = resultInfo ? { result_info: resultInfo } : {};
      return c.json({ result, success: true, errors: [], messages, ...info }, status);
    });
  }
  app.get("/client/v4/user/tokens/verify", (c) => {
    const { result, messages } = verifyUserToken(c, store);
    return c.json({ result, success: true, errors: [], messages });
  });
  app.all("*", (c) => {
    throw notServed(c.req.method, c.req.path);
  });
  app.onError((error, c) => {
    if (!(error instanceof CloudflareError)) throw error;
    return c.json(error.body(), error.status);
  });
  return app;
}
