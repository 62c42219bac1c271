import type { Application, ServicePrincipal, SynchronizationJob } from "@microsoft/microsoft-graph-types";
import { listAllPages } from "../../clients/pages";
import { quote } from "./entra";
import type { ResourceSearch } from "./search";

/** Applications from a template have no mark, so one must have the name and the template. Its id is the service principal's. */
export const provisioningApplicationSearch: ResourceSearch = {
  label: "application for provisioning",
  async readImportId({ clouds: { graph } }, id, { templateId }) {
    const { appId }: ServicePrincipal = await graph.api(`/servicePrincipals/${id}?$select=appId`).get();
    const path = `/applications?$filter=appId eq '${appId}'&$select=id`;
    const [application] = await listAllPages<Application>(graph, path);
    return `/applicationTemplates/${templateId}/instantiate/${application?.id}/${id}`;
  },
  async find({ clouds: { graph } }, { displayName, templateId }) {
    const path = `/servicePrincipals?$filter=displayName eq ${quote(displayName)}`;
    const all = await listAllPages<ServicePrincipal>(graph, path);
    const own = all.filter((one) => one.applicationTemplateId === templateId);
    return own.map(({ id }) => ({ id: String(id), differences: [] }));
  },
};

/** A service principal has one job of a template. */
export const provisioningJobSearch: ResourceSearch = {
  label: "provisioning job",
  // The service principal is the stack's.
  isMarked: () => true,
  isUnique: true,
  formatImportId: (id, _account, { servicePrincipalId }) =>
    `${servicePrincipalId}/synchronization/jobs/${id}`,
  async find({ clouds: { graph } }, { servicePrincipalId, templateId }) {
    // Unknown in a preview of the first update.
    if (typeof servicePrincipalId !== "string") return [];
    const all = await listAllPages<SynchronizationJob>(graph, `${servicePrincipalId}/synchronization/jobs`);
    const own = all.filter((job) => job.templateId === templateId);
    return own.map(({ id }) => ({ id: String(id), differences: [] }));
  },
};
