import { Hono } from "hono";
import type { TwinEnv } from "../http/requests";
import { findApplicationByAppId, type Store } from "../store/store";
import { applicationOperations } from "./applications/applications";
import { passwordOperations } from "./applications/passwords";
import { templateOperations } from "./applications/templates";
import { directoryAuditOperations } from "./audit/directory-audits";
import { withAudit } from "./audit/record";
import { authenticateCaller, requirePermissions } from "./authorization";
import type { Caller, GraphCall, GraphOperation } from "./call";
import { conditionalAccessOperations } from "./conditional-access/policies";
import { directoryObjectOperations } from "./directory-objects";
import { GraphError, graphNotServed } from "./errors";
import { groupOperations } from "./groups/groups";
import { refuseUnservedOptions } from "./query";
import { appRoleAssignmentOperations } from "./service-principals/app-role-assignments";
import { grantOperations } from "./service-principals/grants";
import { servicePrincipalOperations } from "./service-principals/service-principals";
import { jobOperations } from "./synchronization/jobs";
import { secretOperations } from "./synchronization/secrets";
import { meOperations } from "./users/me";
import { userOperations } from "./users/users";

/** All calls of Graph that the twin serves; others are answered 501. */
export const GRAPH_OPERATIONS: GraphOperation[] = [
  ...applicationOperations,
  ...passwordOperations,
  ...templateOperations,
  ...servicePrincipalOperations,
  ...grantOperations,
  ...appRoleAssignmentOperations,
  ...secretOperations,
  ...jobOperations,
  ...userOperations,
  ...meOperations,
  ...groupOperations,
  ...conditionalAccessOperations,
  ...directoryAuditOperations,
  ...directoryObjectOperations,
];

function getCallerName({ tenant, principal, user }: Caller): string {
  return user?.userPrincipalName ?? findApplicationByAppId(tenant, principal.appId)?.displayName ?? "";
}

/** Creates the app for Microsoft Graph v1.0 and the few calls of beta that the providers need. */
export function createGraphApp(store: Store): Hono<TwinEnv> {
  const app = new Hono<TwinEnv>();
  // These segments are not ids.
  app.all("/:version{v1\\.0|beta}/:set/:segment{\\$count|delta}", async (c) => {
    await authenticateCaller(c, store);
    throw graphNotServed(c.req);
  });
  for (const operation of GRAPH_OPERATIONS) {
    const [method = "", template = ""] = operation.call.split(" ");
    const version = operation.version ?? "v1.0";
    app.on(method, `/${version}${template.replace(/\{(\w+)\}/g, ":$1")}`, async (c) => {
      const caller = await authenticateCaller(c, store);
      c.set("caller", getCallerName(caller));
      const allowedBy = requirePermissions(operation.call, caller);
      const call: GraphCall = { c, store, tenant: caller.tenant, caller, version, allowedBy };
      refuseUnservedOptions(call, operation.query ?? []);
      const answer = await withAudit(call, operation.call, () => operation.handle(call));
      return answer.body ? c.json(answer.body, answer.status as 200) : c.body(null, answer.status as 204);
    });
  }
  for (const version of ["v1.0", "beta"]) {
    app.all(`/${version}/*`, async (c) => {
      await authenticateCaller(c, store); // Graph authenticates before it routes.
      throw graphNotServed(c.req);
    });
  }
  app.onError((error, c) => {
    if (!(error instanceof GraphError)) throw error;
    return c.json(error.body(store.now(), c.req.header("client-request-id")), error.status);
  });
  return app;
}
