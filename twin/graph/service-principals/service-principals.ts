import { randomUUID } from "node:crypto";
import { z } from "zod";
import {
  applicationByAppId,
  deleteServicePrincipal,
  emptyServicePrincipal,
  GRAPH_APP_ID,
  servicePrincipalByAppId,
  wholeSeconds,
} from "../../store/store";
import type { ServicePrincipal } from "../../store/tenant";
import { type BodyRules, type Call, NOT_JUDGED, type Operation, readBody, requireOwner } from "../call";
import { badRequest, conflict, notFound, notServed } from "../errors";
import { collection, entity, find, PAGED } from "../query";
import { grantWire } from "./grants";
import { boundOwners, ownerOperations } from "./owners";
import { servicePrincipalWire } from "./service-principal-wire";

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
    .refine((mode) => mode === null, { error: `${NOT_JUDGED}a single sign-on mode` }),
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
    ...["id", "appDescription", "appDisplayName", "appId", "appOwnerOrganizationId", "createdDateTime"],
    ...["deletedDateTime", "disabledByMicrosoftStatus", "servicePrincipalType", "signInAudience"],
    ...["verifiedPublisher", "applicationTemplateId"],
  ],
  notJudged: [
    ...[
      "addIns",
      "appRoles",
      "customSecurityAttributes",
      "displayName",
      "homepage",
      "info",
      "keyCredentials",
    ],
    ...["logoutUrl", "oauth2PermissionScopes", "passwordCredentials", "preferredTokenSigningKeyThumbprint"],
    ...["replyUrls", "servicePrincipalNames", "tokenEncryptionKeyId"],
  ],
};

export const servicePrincipalOperations: Operation[] = [
  {
    call: "GET /servicePrincipals",
    query: ["$filter", ...PAGED],
    handle(call) {
      const wires = [...call.tenant.servicePrincipals.values()].map((s) =>
        servicePrincipalWire(call.tenant, s),
      );
      return {
        status: 200,
        body: collection(call, "servicePrincipals", wires, {
          equal: ["appId", "displayName", "id"],
          prefix: ["displayName"],
          any: ["servicePrincipalNames", "tags"],
          paged: true,
        }),
      };
    },
  },
  { call: "POST /servicePrincipals", handle: create },
  { call: "GET /servicePrincipals/{id}", query: ["$select"], handle: read },
  { call: "GET /servicePrincipals/{id}", version: "beta", query: ["$select"], handle: readBeta },
  {
    call: "PATCH /servicePrincipals/{id}",
    async handle(call) {
      const principal = changeable(call);
      const { "@odata.type": _type, ...change } = await readBody(call, servicePrincipalChange, rules);
      Object.assign(principal, change);
      return { status: 204 };
    },
  },
  {
    call: "DELETE /servicePrincipals/{id}",
    handle(call) {
      deleteServicePrincipal(call.tenant, changeable(call));
      return { status: 204 };
    },
  },
  ...ownerOperations("/servicePrincipals", servicePrincipal, changeable),
  {
    call: "GET /servicePrincipals/{id}/oauth2PermissionGrants",
    handle(call) {
      const { id } = servicePrincipal(call);
      const grants = [...call.tenant.grants.values()].filter((grant) => grant.clientId === id);
      return { status: 200, body: collection(call, "oauth2PermissionGrants", grants.map(grantWire)) };
    },
  },
];

function servicePrincipal(call: Call): ServicePrincipal {
  return find(call, call.tenant.servicePrincipals, notFound);
}

/** Microsoft's own service principal is not for the twin's users to change: real tenants allow parts of it. */
function changeable(call: Call): ServicePrincipal {
  const principal = servicePrincipal(call);
  requireOwner(call, principal);
  if (principal.appId === GRAPH_APP_ID) {
    throw notServed(call.c.req.method, call.c.req.path, "changes to Microsoft Graph's own service principal");
  }
  return principal;
}

function read(call: Call) {
  const wire = servicePrincipalWire(call.tenant, servicePrincipal(call));
  return { status: 200 as const, body: entity(call, "servicePrincipals", wire) };
}

/** As far as the providers look, beta has one property beyond v1.0. */
function readBeta(call: Call) {
  const wire = { ...servicePrincipalWire(call.tenant, servicePrincipal(call)), samlMetadataUrl: null };
  return { status: 200 as const, body: entity(call, "servicePrincipals", wire) };
}

async function create(call: Call) {
  const body = await readBody(call, newServicePrincipal, rules);
  const { "@odata.type": _type, "owners@odata.bind": bound, appId, ...settings } = body;
  const application = applicationByAppId(call.tenant, appId);
  if (servicePrincipalByAppId(call.tenant, appId)) {
    throw conflict(
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
    ...emptyServicePrincipal(randomUUID(), appId, wholeSeconds(call.store.now())),
    owners: boundOwners(call, bound),
  };
  Object.assign(principal, settings);
  call.tenant.servicePrincipals.set(principal.id, principal);
  const wire = servicePrincipalWire(call.tenant, principal);
  return { status: 201 as const, body: entity(call, "servicePrincipals", wire) };
}
