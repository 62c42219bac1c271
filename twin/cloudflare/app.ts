import type { Hono } from "hono";
import type { TwinEnv } from "../http/requests";
import { createServiceApp } from "../http/routes";
import type { Store } from "../store/store";
import { accessRequestOperations } from "./access/access-requests";
import { accessApplicationOperations } from "./access/applications/operations";
import { tagOperations } from "./access/applications/tags";
import { applicationPolicyOperations } from "./access/policies/application-policies";
import { accessGroupOperations } from "./access/policies/groups";
import { accessPolicyOperations } from "./access/policies/policies";
import { serviceTokenOperations } from "./access/service-tokens";
import { auditLogOperations, runAudited } from "./audit-logs";
import { authorizeCall, type CloudflareCall, type CloudflareOperation, refuseUnservedQuery } from "./call";
import { CloudflareError, cloudflareNotServed } from "./errors";
import { gatewayRuleOperations } from "./gateway/rules";
import { identityProviderOperations } from "./identity-providers/operations";
import { hostnameRouteOperations } from "./networks/hostname-routes";
import { routeOperations } from "./networks/routes";
import { tunnelOperations } from "./networks/tunnels";
import { virtualNetworkOperations } from "./networks/virtual-networks";
import { organizationOperations } from "./organizations";
import { scimOperations } from "./scim/operations";
import { tokenOperations } from "./tokens";

/** All calls of API v4 below an account that the twin serves; others are answered 501. */
export const CLOUDFLARE_OPERATIONS: CloudflareOperation[] = [
  ...organizationOperations,
  ...identityProviderOperations,
  ...scimOperations,
  ...accessGroupOperations,
  ...accessPolicyOperations,
  ...applicationPolicyOperations,
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
  return createServiceApp<CloudflareOperation>({
    routes: CLOUDFLARE_OPERATIONS,
    getBasePath: ({ permission }) => `/client/v4/${permission === "user" ? "user" : "accounts/{account}"}`,
    async serve(c, operation) {
      const call: CloudflareCall = { c, store, ...authorizeCall(c, store, operation.permission) };
      refuseUnservedQuery(call, operation.query ?? []);
      const { status, result, resultInfo, messages = [] } = await runAudited(call, operation);
      const info = resultInfo ? { result_info: resultInfo } : {};
      return c.json({ result, success: true, errors: [], messages, ...info }, status);
    },
    refuse(c) {
      throw cloudflareNotServed(c.req);
    },
    formatError: (error, c) =>
      error instanceof CloudflareError ? c.json(error.body(), error.status) : undefined,
  });
}
