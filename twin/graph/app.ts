import { Hono } from "hono";
import type { TwinEnv } from "../http/requests";
import { applicationByAppId, type Store } from "../store/store";
import { applicationOperations } from "./applications/applications";
import { passwordOperations } from "./applications/passwords";
import { templateOperations } from "./applications/templates";
import { directoryAuditOperations } from "./audit/directory-audits";
import { audited } from "./audit/record";
import { callerOf, permissionsFor } from "./authorization";
import type { Call, Caller, Operation } from "./call";
import { policyOperations } from "./conditional-access/policies";
import { directoryObjectOperations } from "./directory-objects";
import { GraphError, notServed } from "./errors";
import { groupOperations } from "./groups/groups";
import { checkQuery } from "./query";
import { appRoleAssignmentOperations } from "./service-principals/app-role-assignments";
import { grantOperations } from "./service-principals/grants";
import { servicePrincipalOperations } from "./service-principals/service-principals";
import { jobOperations } from "./synchronization/jobs";
import { secretOperations } from "./synchronization/secrets";
import { meOperations } from "./users/me";
import { userOperations } from "./users/users";

/** Every call of Graph that is served; all else is a 501. */
export const OPERATIONS: Operation[] = [
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
  ...policyOperations,
  ...directoryAuditOperations,
  ...directoryObjectOperations,
];

function nameOf({ tenant, principal, user }: Caller): string {
  return user?.userPrincipalName ?? applicationByAppId(tenant, principal.appId)?.displayName ?? "";
}

/** Microsoft Graph v1.0, and the few calls of beta that the providers make. */
export function graphApp(store: Store): Hono<TwinEnv> {
  const app = new Hono<TwinEnv>();
  // Not ids, though they stand in their place.
  app.all("/:version{v1\\.0|beta}/:set/:segment{\\$count|delta}", async (c) => {
    await callerOf(c, store);
    throw notServed(c.req.method, c.req.path);
  });
  for (const operation of OPERATIONS) {
    const [method = "", template = ""] = operation.call.split(" ");
    const version = operation.version ?? "v1.0";
    app.on(method, `/${version}${template.replace(/\{(\w+)\}/g, ":$1")}`, async (c) => {
      const caller = await callerOf(c, store);
      c.set("caller", nameOf(caller));
      const allowedBy = permissionsFor(operation.call, caller);
      const call: Call = { c, store, tenant: caller.tenant, caller, version, allowedBy };
      checkQuery(call, operation.query ?? []);
      const answer = await audited(call, operation.call, () => operation.handle(call));
      return answer.body ? c.json(answer.body, answer.status as 200) : c.body(null, answer.status as 204);
    });
  }
  for (const version of ["v1.0", "beta"]) {
    app.all(`/${version}/*`, async (c) => {
      await callerOf(c, store); // Graph authenticates before it routes.
      throw notServed(c.req.method, c.req.path);
    });
  }
  app.onError((error, c) => {
    if (!(error instanceof GraphError)) throw error;
    return c.json(error.body(store.now(), c.req.header("client-request-id")), error.status);
  });
  return app;
}
