import type { DeployerClouds } from "../../../ops/clients/deployer";
import { DirectoryAuditLog } from "../../../ops/drift/stack/directory-audit-log";
import { findUnmanagedObjects } from "../../../ops/drift/stack/unmanaged";
import type { TenantResourceKind, TenantState } from "../../../ops/recovery/tenant-state";
import type { StateResource } from "../../../ops/stacks/state/state";

// Objects that the twin cannot create: certificates, consents of single users, more than a page of consents.
const ANSWERS: Record<string, unknown> = {
  "/applications/app?$select=passwordCredentials": { passwordCredentials: [] },
  "/applications/app?$select=keyCredentials": { keyCredentials: [{ keyId: "cert", displayName: "CN=eve" }] },
  "/oauth2PermissionGrants?$filter=clientId eq 'sp'": {
    value: [{ id: "own", scope: "openid" }],
    "@odata.nextLink": "page 2",
  },
  "page 2": { value: [{ id: "other", scope: " Mail.Read ", principalId: "ada" }] },
  "/servicePrincipals/sp/appRoleAssignments": {
    value: [
      { id: "own-consent", appRoleId: "ca", resourceDisplayName: "Microsoft Graph" },
      { id: "other-consent", appRoleId: "mail", resourceDisplayName: "Microsoft Graph" },
    ],
  },
  "/servicePrincipals/scim/appRoleAssignedTo": {
    value: [
      { id: "own-assignment", principalDisplayName: "Engineers" },
      { id: "other-assignment", principalDisplayName: "Guests" },
    ],
  },
};
const graph = {
  api: (path: string) => ({
    async get() {
      if (ANSWERS[path]) return ANSWERS[path];
      expect(path).toMatch(
        /^\/auditLogs\/directoryAudits\?\$filter=activityDateTime ge 2026-11-01T00:00:00.000Z and /,
      );
      const initiatedBy = path.includes("'sp'")
        ? { user: { userPrincipalName: "eve@contoso.example" } }
        : { app: { displayName: null, appId: "client" } };
      return {
        value: [{ activityDateTime: "2026-11-02T00:00:00Z", activityDisplayName: "Changed ", initiatedBy }],
      };
    },
  }),
} as unknown as DeployerClouds["graph"];
const clouds = { graph, entra: { now: () => new Date("2026-11-03T00:00:00Z") } } as unknown as DeployerClouds;
const known: TenantState = {
  signIn: "entra",
  resources: new Map<TenantResourceKind, StateResource>([
    ["application", { urn: "", type: "", outputs: { objectId: "app", clientId: "client" } }],
    ["servicePrincipal", { urn: "", type: "", outputs: { objectId: "sp" } }],
    ["consent", { urn: "", type: "", id: "/oauth2PermissionGrants/own" }],
  ]),
  conditionalAccessConsent: "own-consent",
  provisioning: { servicePrincipalObjectId: "scim", assignmentIds: ["own-assignment"] },
  clientSecrets: [],
  deployed: undefined,
  pendingCreates: [],
};

test("finds unmanaged certificates, consents on all pages, permissions and assignments for provisioning, with their audit log entries", async () => {
  const log = new DirectoryAuditLog(graph, new Date("2026-11-01T00:00:00Z"));
  const by = (name: string) => [{ at: "2026-11-02T00:00:00Z", by: name, activity: "Changed" }];
  expect(await findUnmanagedObjects(clouds, { known, mark: "entra-access:x/y", log })).toEqual({
    unchecked: [],
    objects: [
      { kind: "certificate", id: "cert", name: "CN=eve", changedBy: by("an application (client)") },
      { kind: "consent", id: "other", name: "Mail.Read of user ada", changedBy: by("eve@contoso.example") },
      {
        kind: "application permission",
        id: "other-consent",
        name: "Microsoft Graph mail",
        changedBy: by("eve@contoso.example"),
      },
      {
        kind: "assignment for provisioning",
        id: "other-assignment",
        name: "Guests",
        changedBy: by("an application (client)"),
      },
    ],
  });
});
