import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { ServicePrincipal } from "../../store/entra/tenant";
import {
  createEmptyServicePrincipal,
  deleteServicePrincipal,
  findApplicationByAppId,
  findPrincipalByAppId,
  formatTimestamp,
  GRAPH_APP_ID,
} from "../../store/store";
import {
  type BodyRules,
  findChangeablePrincipal,
  findServicePrincipal,
  type GraphCall,
  type GraphOperation,
  NOT_SERVED,
  readBody,
  requireOwner,
} from "../call";
import { badRequest, duplicateObject, graphNotServed } from "../errors";
import { formatCollection, formatEntity, PAGING_OPTIONS } from "../query";
import { toGrantWire } from "./grants";
import { createOwnerOperations, resolveOwners } from "./owners";
import { toServicePrincipalWire } from "./service-principal-wire";

const properties = {
  "@odata.type": z.literal("#microsoft.graph.servicePrincipal"),
  accountEnabled: z.boolean(),
  alternativeNames: z.array(z.string()),
  appRoleAssignmentRequired: z.boolean(),
  description: z.string().max(1024).nullable(),
  loginUrl: z.url().nullable(),
  notes: z.string().max(1024).nullable(),
  notificationEmailAddresses: z.array(z.email()),
  preferredSingleSignOnMode: z
    .string()
    .nullable()
    .refine((mode) => mode === null, { error: `${NOT_SERVED}a single sign-on mode` }),
  samlSingleSignOnSettings: z.strictObject({ relayState: z.string().nullable() }).partial().nullable(),
  tags: z.array(z.string().min(1).max(256)),
};

/** https://learn.microsoft.com/graph/api/serviceprincipal-post-serviceprincipals */
const newServicePrincipal = z
  .strictObject({
    ...properties,
    appId: z.guid().toLowerCase(),
    "owners@odata.bind": z.array(z.string()).max(20),
  })
  .partial()
  .required({ appId: true });

/** https://learn.microsoft.com/graph/api/serviceprincipal-update */
const servicePrincipalChange = z.strictObject(properties).partial();

const rules: BodyRules = {
  type: "ServicePrincipal",
  readOnly: [
    "id",
    "appDescription",
    "appDisplayName",
    "appId",
    "appOwnerOrganizationId",
    "createdDateTime",
    "deletedDateTime",
    "disabledByMicrosoftStatus",
    "servicePrincipalType",
    "signInAudience",
    "verifiedPublisher",
    "applicationTemplateId",
  ],
  notServed: [
    "addIns",
    "appRoles",
    "customSecurityAttributes",
    "displayName",
    "homepage",
    "info",
    "keyCredentials",
    "logoutUrl",
    "oauth2PermissionScopes",
    "passwordCredentials",
    "preferredTokenSigningKeyThumbprint",
    "replyUrls",
    "servicePrincipalNames",
    "tokenEncryptionKeyId",
  ],
};

export const servicePrincipalOperations: GraphOperation[] = [
  {
    call: "GET /servicePrincipals",
    query: ["$filter", ...PAGING_OPTIONS],
    handle(call) {
      const wires = [...call.tenant.servicePrincipals.values()].map((s) =>
        toServicePrincipalWire(call.tenant, s),
      );
      return formatCollection(call, "servicePrincipals", wires, {
        equal: ["appId", "displayName", "id"],
        prefix: ["displayName"],
        any: ["servicePrincipalNames", "tags"],
        isPaged: true,
      });
    },
  },
  { call: "POST /servicePrincipals", handle: createServicePrincipal },
  { call: "GET /servicePrincipals/{id}", query: ["$select"], handle: showServicePrincipal },
  {
    call: "GET /servicePrincipals/{id}",
    version: "beta",
    query: ["$select"],
    handle: showServicePrincipalBeta,
  },
  {
    call: "PATCH /servicePrincipals/{id}",
    async handle(call) {
      const principal = findChangeableServicePrincipal(call);
      const { "@odata.type": _type, ...change } = await readBody(call, servicePrincipalChange, rules);
      Object.assign(principal, change);
      return null;
    },
  },
  {
    call: "DELETE /servicePrincipals/{id}",
    handle(call) {
      deleteServicePrincipal(call.tenant, findChangeableServicePrincipal(call));
      return null;
    },
  },
  ...createOwnerOperations("/servicePrincipals", findServicePrincipal, findChangeableServicePrincipal),
  {
    call: "GET /servicePrincipals/{id}/oauth2PermissionGrants",
    handle(call) {
      const { id } = findServicePrincipal(call);
      const grants = [...call.tenant.grants.values()].filter((grant) => grant.clientId === id);
      return formatCollection(call, "oauth2PermissionGrants", grants.map(toGrantWire));
    },
  },
];

/** Finds a service principal that the caller may change. Microsoft's own are not served, as tenants allow only parts of it. */
function findChangeableServicePrincipal(call: GraphCall): ServicePrincipal {
  const principal = findChangeablePrincipal(call);
  if (principal.appId === GRAPH_APP_ID) {
    throw graphNotServed(call.c.req, "changes to Microsoft Graph's own service principal");
  }
  return principal;
}

function showServicePrincipal(call: GraphCall) {
  const wire = toServicePrincipalWire(call.tenant, findServicePrincipal(call));
  return formatEntity(call, "servicePrincipals", wire);
}

/** Shows a service principal as beta does, with the additional property that the providers read. */
function showServicePrincipalBeta(call: GraphCall) {
  const wire = { ...toServicePrincipalWire(call.tenant, findServicePrincipal(call)), samlMetadataUrl: null };
  return formatEntity(call, "servicePrincipals", wire);
}

async function createServicePrincipal(call: GraphCall) {
  const body = await readBody(call, newServicePrincipal, rules);
  const { "@odata.type": _type, "owners@odata.bind": bound, appId, ...settings } = body;
  const application = findApplicationByAppId(call.tenant, appId);
  if (findPrincipalByAppId(call.tenant, appId)) {
    throw duplicateObject(
      `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
    );
  }
  if (!application) {
    throw badRequest(
      `The appId '${appId}' of the service principal does not reference a valid application object.`,
    );
  }
  requireOwner(call, application);
  const principal: ServicePrincipal = {
    ...createEmptyServicePrincipal(randomUUID(), appId, formatTimestamp(call.store.now())),
    owners: resolveOwners(call, bound),
  };
  Object.assign(principal, settings);
  call.tenant.servicePrincipals.set(principal.id, principal);
  const wire = toServicePrincipalWire(call.tenant, principal);
  return formatEntity(call, "servicePrincipals", wire);
}
