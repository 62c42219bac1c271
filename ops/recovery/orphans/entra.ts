import type { Client } from "@microsoft/microsoft-graph-client";
import type {
  Application,
  AppRoleAssignment,
  ConditionalAccessPolicy,
  DirectoryObject,
  Group,
  NamedLocation,
} from "@microsoft/microsoft-graph-types";
import { findAdminConsent, findServicePrincipal } from "../../clients/entra/service-principals";
import { listAllPages } from "../../clients/pages";
import { UserError } from "../../errors";
import type { ApplicationIds } from "../tenant-state";
import { listDifferences } from "./compare";
import type { Candidate, ResourceSearch } from "./search";

/** Quotes a text for `$filter` in a URL: the client of Microsoft Graph does not encode it. */
export const quote = (text: unknown) => encodeURIComponent(`'${String(text).replaceAll("'", "''")}'`);
const equal = (ids: readonly (string | null | undefined)[]): Candidate[] =>
  ids.flatMap((id) => (id ? [{ id, differences: [] }] : []));

/** Finds the application that carries the stack's mark as a tag. @throws UserError if there are several */
export async function findMarkedApplication(
  graph: Client,
  mark: string,
): Promise<ApplicationIds | undefined> {
  const filter = `tags/any(t:t eq ${quote(mark)})`;
  const marked = await listAllPages<Application>(
    graph,
    `/applications?$filter=${filter}&$select=id,appId,tags`,
  );
  // Graph ignores case in this filter; names of stacks are case-sensitive.
  const [found, second] = marked.filter(({ tags }) => tags?.includes(mark));
  if (second)
    throw new UserError(
      `tag ${mark} must be on exactly one application; found object ids ${found?.id} and ${second.id}`,
      [
        "Remove the tag from the application that Cloudflare does not use, or delete that application; then run this again.",
      ],
    );
  return found && { id: String(found.id), appId: String(found.appId) };
}

export const applicationSearch: ResourceSearch = {
  label: "application",
  isMarked: () => true,
  formatImportId: (id) => `/applications/${id}`,
  find: async ({ application }) => equal([application?.id]),
};

export const servicePrincipalSearch: ResourceSearch = {
  label: "service principal",
  isMarked: () => true,
  formatImportId: (id) => `/servicePrincipals/${id}`,
  async find({ clouds, application }) {
    return application ? equal([(await findServicePrincipal(clouds.graph, application.appId))?.id]) : [];
  },
};

export const consentSearch: ResourceSearch = {
  label: "admin consent",
  isMarked: () => true,
  formatImportId: (id) => `/oauth2PermissionGrants/${id}`,
  async find({ clouds, application }, { servicePrincipalObjectId, resourceServicePrincipalObjectId }) {
    if (!application) return [];
    const principal = { id: String(servicePrincipalObjectId) };
    const resource = { id: String(resourceServicePrincipalObjectId) };
    return equal([(await findAdminConsent(clouds.graph, principal, resource))?.id]);
  },
};

/** Entra refuses a second assignment of the same role to the same principal. */
export const assignmentSearch: ResourceSearch = {
  label: "app role assignment",
  // It belongs to the stack's application, which has the mark. Somebody may have assigned it by hand before the stack did.
  isMarked: () => true,
  isUnique: true,
  replacedBy: ["appRoleId", "principalObjectId", "resourceObjectId"],
  formatImportId: (id, _account, { resourceObjectId }) =>
    `/servicePrincipals/${resourceObjectId}/appRoleAssignedTo/${id}`,
  async find({ clouds, application, deployedIds, once }, { appRoleId, principalObjectId, resourceObjectId }) {
    // A destroy that was interrupted may have left the application for provisioning alone.
    if (!application && !deployedIds.has(String(resourceObjectId))) return [];
    const path = `/servicePrincipals/${resourceObjectId}/appRoleAssignedTo`;
    const all = await once(path, () => listAllPages<AppRoleAssignment>(clouds.graph, path));
    const found = all.filter((one) => one.appRoleId === appRoleId && one.principalId === principalObjectId);
    return equal(found.map(({ id }) => id));
  },
};

/** The name that the provider gives a new group until Entra has replicated it. */
const TEMPORARY_NAME = /^TERRAFORM_UPDATE_/;

/**
 * Groups have no mark, so one must have the name and the deployer as an owner. A run that is interrupted while it
 * creates one may leave it without some of the members, and with the provider's temporary name.
 */
export const ownedGroupSearch: ResourceSearch = {
  label: "Entra group",
  isOwnTenant: true,
  isUnique: true,
  formatImportId: (id) => `/groups/${id}`,
  async find({ clouds: { graph }, getDeployerId }, { displayName, description, securityEnabled, members }) {
    const select = "$select=id,displayName,description,securityEnabled";
    const listGroups = (filter: string) => listAllPages<Group>(graph, `/groups?$filter=${filter}&${select}`);
    const named = await listGroups(`displayName eq ${quote(displayName)}`);
    const unnamed = await listGroups("startswith(displayName,'TERRAFORM_UPDATE_')");
    const candidates: Candidate[] = [];
    for (const group of [...named, ...unnamed]) {
      const listIds = async (what: string) =>
        (await listAllPages<DirectoryObject>(graph, `/groups/${group.id}/${what}`)).map(({ id }) =>
          String(id),
        );
      const isOwner = (await listIds("owners")).includes(await getDeployerId());
      const others = (await listIds("members")).filter((id) => !((members ?? []) as string[]).includes(id));
      const differences = [
        ...listDifferences({ description, securityEnabled }, group as Readonly<Record<string, unknown>>),
        ...(isOwner ? [] : ["owners"]),
        ...(others.length > 0 && members !== undefined ? ["members"] : []),
      ];
      const isTemporary = TEMPORARY_NAME.test(group.displayName ?? "");
      if (!isTemporary || differences.length === 0) candidates.push({ id: String(group.id), differences });
    }
    return candidates;
  },
};

export const conditionalAccessSearch: ResourceSearch = {
  label: "Conditional Access policy",
  // Only policies on the stack's application are found.
  isMarked: () => true,
  formatImportId: (id) => `/identity/conditionalAccess/policies/${id}`,
  async find({ clouds, application, once }, { displayName, state }) {
    const path = "/identity/conditionalAccess/policies";
    const all = await once(path, () => listAllPages<ConditionalAccessPolicy>(clouds.graph, path));
    return all.flatMap((policy) => {
      const targets = policy.conditions?.applications?.includeApplications ?? [];
      const isOwn = application !== undefined && targets.includes(application.appId);
      if (policy.displayName !== displayName || !isOwn) return [];
      const differences = listDifferences({ state }, policy as Readonly<Record<string, unknown>>);
      return [{ id: String(policy.id), differences }];
    });
  },
};

/** Named locations have no mark, so one must have the name and the places of the resource. */
export const namedLocationSearch: ResourceSearch = {
  label: "named location",
  formatImportId: (id) => `/identity/conditionalAccess/namedLocations/${id}`,
  async find({ clouds, once }, { displayName, ip, country }) {
    const path = "/identity/conditionalAccess/namedLocations";
    const all = await once(path, () => listAllPages<NamedLocation & Place>(clouds.graph, path));
    return all.flatMap((location): Candidate[] => {
      if (location.displayName !== displayName) return [];
      const ranges = location.ipRanges?.map(({ cidrAddress }) => cidrAddress);
      const differences = [
        ...listDifferences({ ranges: (ip as ProviderPlace)?.ipRanges }, { ranges }),
        ...listDifferences(
          { countries: (country as ProviderPlace)?.countriesAndRegions },
          { countries: location.countriesAndRegions },
        ),
      ];
      return [{ id: String(location.id), differences }];
    });
  },
};

/** The places of a named location, in the form of Graph and in that of the provider. */
interface Place {
  ipRanges?: { cidrAddress: string }[];
  countriesAndRegions?: string[];
}
type ProviderPlace = { ipRanges?: string[]; countriesAndRegions?: string[] } | undefined;
