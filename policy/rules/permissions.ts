import { defineRule, type Rule, read, readKnown, readList } from "../rule";
import { APPLICATION } from "./application";
import { ESCALATION_PERMISSIONS } from "./escalation";

const GRANT =
  "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant";
const APP_ROLE_ASSIGNMENT = "azuread:index/appRoleAssignment:AppRoleAssignment";
const MICROSOFT_GRAPH = "00000003-0000-0000-c000-000000000000";

/** The delegated permissions of Microsoft's tutorial and of Cloudflare's page, by id. */
const TUTORIAL_PERMISSIONS: Readonly<Record<string, string>> = {
  "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0": "email",
  "37f7f235-527c-4136-accd-4a02d197296e": "openid",
  "14dad69e-099b-42c9-810b-d002981feec1": "profile",
  "7427e0e9-2fba-42fe-b0c0-848c9e6a8182": "offline_access",
  "e1fe6dd8-ba31-4d61-89e7-88639da4683d": "User.Read",
  "06da0dbc-49e2-44d2-8312-53f166ab848a": "Directory.Read.All",
  "5f8c59db-677d-491f-a6b8-5f174b11ec1d": "Group.Read.All",
  "bc024368-1153-4739-b217-4326f2e966d0": "GroupMember.Read.All",
};

/** Those, and the application permission with which Cloudflare reads authentication contexts. */
const ALLOWED = [...Object.values(TUTORIAL_PERMISSIONS), "37730810-e9ba-4e46-b07e-8ca78d182097"];

export const permissionRules: readonly Rule[] = [
  defineRule<{ allowed: string[] }>({
    name: "allowed-permissions",
    description: "An application must request the permissions of the sign-in alone.",
    reason: "A sign-in needs to read people and groups; more is of use only to a thief of its client secret.",
    severity: "high",
    types: [APPLICATION, GRANT],
    settings: {
      allowed: { type: "array", items: { type: "string" }, default: ALLOWED },
    },
    check({ props }, report, { allowed }) {
      for (const { type, id } of listRequested(props)) {
        const name = TUTORIAL_PERMISSIONS[id] ?? id;
        if (type === "Role" && !allowed.includes(id))
          report(`requiredResourceAccesses must not contain the application permission ${id}`);
        else if (type !== "Role" && !allowed.includes(name) && !allowed.includes(id))
          report(`requiredResourceAccesses must not contain ${name}, which is not among those allowed`);
      }
      for (const name of readList(props, "claimValues"))
        if (!allowed.includes(String(name)))
          report(`claimValues must not contain ${name}, which is not among those allowed`);
    },
  }),
  {
    name: "no-escalation",
    description: "Nothing may get a permission with which it can give itself more.",
    reason: "Its holder can take over the tenant, or let itself through any access rule.",
    severity: "critical",
    types: [APPLICATION, GRANT, APP_ROLE_ASSIGNMENT],
    check({ props }, report) {
      const given = [
        ...listRequested(props).map(({ id }) => id),
        ...readList(props, "claimValues"),
        ...[readKnown(props, "appRoleId")].filter((id) => id !== undefined),
      ];
      for (const { name, does, ids } of ESCALATION_PERMISSIONS)
        if (given.some((value) => value === name || ids.includes(String(value))))
          report(`must not have ${name}: its holder ${does}`);
    },
  },
];

/** Lists the permissions of Microsoft Graph that an application requests. */
function listRequested(props: unknown): { id: string; type: string }[] {
  return readList(props, "requiredResourceAccesses")
    .filter((api) => read(api, "resourceAppId") === MICROSOFT_GRAPH)
    .flatMap((api) => readList(api, "resourceAccesses"))
    .map((access) => ({ id: String(read(access, "id")), type: String(read(access, "type")) }));
}
