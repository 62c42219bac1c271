import type { Hono } from "hono";
import type { TwinEnv } from "../http/requests";
import { createServiceApp } from "../http/routes";
import { findApplicationByAppId, type Store } from "../store/store";
import { applicationOperations } from "./applications/applications";
import { federatedCredentialOperations } from "./applications/federated-credentials";
import { passwordOperations } from "./applications/passwords";
import { templateOperations } from "./applications/templates";
import { directoryAuditOperations } from "./audit/directory-audits";
import { withAudit } from "./audit/record";
import { signInOperations } from "./audit/sign-ins";
import { authenticateCaller, requirePermissions } from "./authorization";
import type { Caller, GraphCall, GraphOperation } from "./call";
import { authenticationContextOperations } from "./conditional-access/authentication-contexts";
import { authenticationStrengthOperations } from "./conditional-access/authentication-strengths";
import { namedLocationOperations } from "./conditional-access/named-locations";
import { conditionalAccessOperations } from "./conditional-access/policies";
import { directoryObjectOperations } from "./directory-objects";
import { GraphError, graphNotServed } from "./errors";
import { groupOperations } from "./groups/groups";
import { refuseUnservedOptions } from "./query";
import { requireRole } from "./roles";
import { appRoleAssignmentOperations } from "./service-principals/app-role-assignments";
import { grantOperations } from "./service-principals/grants";
import { servicePrincipalOperations } from "./service-principals/service-principals";
import { jobOperations } from "./synchronization/jobs";
import { secretOperations } from "./synchronization/secrets";
import { meOperations } from "./users/me";
import { userChangeOperations } from "./users/user-changes";
import { userOperations } from "./users/users";

/** All calls of Graph that the twin serves; others are answered 501. */
export const GRAPH_OPERATIONS: GraphOperation[] = [
  ...applicationOperations,
  ...passwordOperations,
  ...federatedCredentialOperations,
  ...templateOperations,
  ...servicePrincipalOperations,
  ...grantOperations,
  ...appRoleAssignmentOperations,
  ...secretOperations,
  ...jobOperations,
  ...userOperations,
  ...userChangeOperations,
  ...meOperations,
  ...groupOperations,
  ...conditionalAccessOperations,
  ...namedLocationOperations,
  ...authenticationContextOperations,
  ...authenticationStrengthOperations,
  ...directoryAuditOperations,
  ...signInOperations,
  ...directoryObjectOperations,
];

function getCallerName({ tenant, principal, user }: Caller): string {
  return user?.userPrincipalName ?? findApplicationByAppId(tenant, principal.appId)?.displayName ?? "";
}

/** Segments of a path that stand where an id does. */
const NO_IDS = ["$count", "delta"];

/** Creates the app for Microsoft Graph v1.0 and the few calls of beta that the providers need. */
export function createGraphApp(store: Store): Hono<TwinEnv> {
  const getVersion = ({ version }: GraphOperation) => version ?? "v1.0";
  return createServiceApp<GraphOperation>({
    routes: GRAPH_OPERATIONS,
    getBasePath: (operation) => `/${getVersion(operation)}`,
    async serve(c, operation) {
      const caller = await authenticateCaller(c, store);
      c.set("caller", getCallerName(caller));
      if (NO_IDS.includes(c.req.param("id") ?? "")) throw graphNotServed(c.req);
      const allowedBy = requirePermissions(operation.call, caller);
      const version = getVersion(operation);
      const call: GraphCall = { c, store, tenant: caller.tenant, caller, version, allowedBy };
      requireRole(call, operation.call);
      refuseUnservedOptions(call, operation.query ?? []);
      const body = await withAudit(call, operation.call, () => operation.handle(call));
      if (!body) return c.body(null, 204);
      return c.json(body, operation.status ?? (c.req.method === "POST" ? 201 : 200));
    },
    ownPaths: ["/v1.0/*", "/beta/*"],
    async refuse(c) {
      await authenticateCaller(c, store); // Graph authenticates before it routes.
      throw graphNotServed(c.req);
    },
    formatError: (error, c) =>
      error instanceof GraphError
        ? c.json(error.body(store.now(), c.req.header("client-request-id")), error.status)
        : undefined,
  });
}
