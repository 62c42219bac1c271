import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { AppRole } from "../../store/entra/tenant";
import { createEmptyApplication, createEmptyServicePrincipal, formatTimestamp } from "../../store/store";
import { type BodyRules, type GraphCall, type GraphOperation, getPathId, readBody } from "../call";
import { graphNotServed } from "../errors";
import { formatCollection, formatEntity, getContextUrl } from "../query";
import { toServicePrincipalWire } from "../service-principals/service-principal-wire";
import { toApplicationWire } from "./application-wire";

/**
 * The only gallery template of the twin, which is for applications outside the gallery.
 *
 * Source of the id: https://learn.microsoft.com/graph/api/applicationtemplate-instantiate
 */
const CUSTOM_TEMPLATE = {
  id: "8adf8e6e-67b2-4cf2-a259-e3dc5476c621",
  displayName: "Custom",
  description: null,
  homePageUrl: null,
  logoUrl: null,
  publisher: null,
  categories: [],
  supportedProvisioningTypes: ["sync"],
  supportedSingleSignOnModes: ["password", "saml", "notSupported"],
};

/** The app roles of its applications: https://learn.microsoft.com/graph/application-saml-sso-configure-api */
const ROLES: AppRole[] = [
  ["18d14569-c3bd-439b-9a66-3a2aee01d14f", "User"],
  ["b9632174-c057-4f7e-951b-be3adc52bfe6", "msiam_access"],
].map(([id = "", name = ""]) => ({
  id,
  allowedMemberTypes: ["User"],
  description: name,
  displayName: name,
  isEnabled: true,
  value: null,
}));

const newInstance = z.strictObject({ displayName: z.string().min(1).max(256) });

const rules: BodyRules = {
  type: "ApplicationServicePrincipal",
  readOnly: [],
  notServed: ["serviceManagementReference"],
};

/** Sources: https://learn.microsoft.com/graph/api/applicationtemplate-list, `-get` and `-instantiate`. */
export const templateOperations: GraphOperation[] = [
  {
    call: "GET /applicationTemplates",
    query: ["$filter", "$select"],
    handle(call) {
      const body = formatCollection(call, "applicationTemplates", [CUSTOM_TEMPLATE], {
        equal: ["displayName"],
      });
      if (!call.c.req.query("$filter") || !(body.value as []).length) throw createUnknownTemplateError(call);
      return body;
    },
  },
  {
    call: "GET /applicationTemplates/{id}",
    query: ["$select"],
    handle(call) {
      checkTemplate(call);
      return formatEntity(call, "applicationTemplates", CUSTOM_TEMPLATE);
    },
  },
  {
    call: "POST /applicationTemplates/{id}/instantiate",
    async handle(call) {
      checkTemplate(call);
      const { displayName } = await readBody(call, newInstance, rules);
      return instantiate(call, displayName);
    },
  },
];

/** Creates the error for the other templates, of which the gallery has thousands. */
const createUnknownTemplateError = (call: GraphCall) =>
  graphNotServed(call.c.req, `other application templates than ${CUSTOM_TEMPLATE.id}`);

function checkTemplate(call: GraphCall): void {
  if (getPathId(call).toLowerCase() !== CUSTOM_TEMPLATE.id) throw createUnknownTemplateError(call);
}

function instantiate(call: GraphCall, displayName: string) {
  const { tenant } = call;
  const now = formatTimestamp(call.store.now());
  const common = { applicationTemplateId: CUSTOM_TEMPLATE.id, owners: [call.caller.principal.id] };
  const application = {
    ...createEmptyApplication(randomUUID(), randomUUID(), displayName, now),
    ...common,
    appRoles: ROLES.map((role) => ({ ...role })),
  };
  const principal = {
    ...createEmptyServicePrincipal(randomUUID(), application.appId, now),
    ...common,
    owners: [...common.owners],
    tags: ["WindowsAzureActiveDirectoryIntegratedApp"],
  };
  tenant.applications.set(application.id, application);
  tenant.servicePrincipals.set(principal.id, principal);
  return {
    "@odata.context": getContextUrl(call, "microsoft.graph.applicationServicePrincipal"),
    application: toApplicationWire(tenant, application),
    servicePrincipal: toServicePrincipalWire(tenant, principal),
  };
}
