import { randomUUID } from "node:crypto";
import { z } from "zod";
import { emptyApplication, emptyServicePrincipal, wholeSeconds } from "../../store/store";
import { type BodyRules, type Call, idOf, type Operation, readBody } from "../call";
import { notServed } from "../errors";
import { collection, contextOf, entity } from "../query";
import { servicePrincipalWire } from "../service-principals/service-principal-wire";
import { applicationWire } from "./application-wire";

/**
 * The one template of the gallery that the twin has: that of applications which are not in the gallery.
 *
 * Source of the id: https://learn.microsoft.com/graph/api/applicationtemplate-instantiate
 */
const custom = {
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

const newInstance = z.strictObject({ displayName: z.string().min(1).max(256) });

const rules: BodyRules = {
  type: "ApplicationServicePrincipal",
  readOnly: [],
  notJudged: ["serviceManagementReference"],
};

/** Sources: https://learn.microsoft.com/graph/api/applicationtemplate-list, `-get` and `-instantiate`. */
export const templateOperations: Operation[] = [
  {
    call: "GET /applicationTemplates",
    query: ["$filter", "$select"],
    handle(call) {
      const body = collection(call, "applicationTemplates", [custom], { equal: ["displayName"] });
      if (!call.c.req.query("$filter") || !(body.value as []).length) throw unknown(call);
      return { status: 200, body };
    },
  },
  {
    call: "GET /applicationTemplates/{id}",
    query: ["$select"],
    handle(call) {
      checkTemplate(call);
      return { status: 200, body: entity(call, "applicationTemplates", custom) };
    },
  },
  {
    call: "POST /applicationTemplates/{id}/instantiate",
    async handle(call) {
      checkTemplate(call);
      const { displayName } = await readBody(call, newInstance, rules);
      return { status: 201, body: instantiate(call, displayName) };
    },
  },
];

/** The gallery has thousands of others. */
const unknown = (call: Call) =>
  notServed(call.c.req.method, call.c.req.path, `other application templates than ${custom.id}`);

function checkTemplate(call: Call): void {
  if (idOf(call).toLowerCase() !== custom.id) throw unknown(call);
}

function instantiate(call: Call, displayName: string) {
  const { tenant } = call;
  const now = wholeSeconds(call.store.now());
  const made = { applicationTemplateId: custom.id, owners: [call.caller.principal.id] };
  const application = { ...emptyApplication(randomUUID(), randomUUID(), displayName, now), ...made };
  const principal = {
    ...emptyServicePrincipal(randomUUID(), application.appId, now),
    ...made,
    owners: [...made.owners],
    tags: ["WindowsAzureActiveDirectoryIntegratedApp"],
  };
  tenant.applications.set(application.id, application);
  tenant.servicePrincipals.set(principal.id, principal);
  return {
    "@odata.context": contextOf(call, "microsoft.graph.applicationServicePrincipal"),
    application: applicationWire(tenant, application),
    servicePrincipal: servicePrincipalWire(tenant, principal),
  };
}
