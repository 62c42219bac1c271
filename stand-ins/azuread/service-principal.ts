/** `azuread:index/servicePrincipal:ServicePrincipal`: the calls of the real plugin, in its order. */

import { UnfinishedResource } from "../bridge/resource";
import { compareProperties } from "../bridge/table/diff";
import { block, boolean, listOf, mapOf, setOf, string, type Table } from "../bridge/table/properties";
import { isRecord, type Properties } from "../bridge/values";
import { appRoleBlock, featureTagsProperty, permissionScopeBlock } from "./application/table";
import { buildFilter, type GraphApi } from "./microsoft-graph/client";
import {
  expectAtMost,
  expectGuid,
  expectNotEmpty,
  expectOneOf,
  expectWebUrl,
} from "./microsoft-graph/expectations";
import { createTemporaryName, formatIdLabel, parseObjectId, withSummary } from "./microsoft-graph/identity";
import { addOwners, changeOwners, chooseInitialOwners, listOwners } from "./microsoft-graph/owners";
import { createGraphResource, formatImportAdvice, patchCreated } from "./microsoft-graph/resource";
import { chooseTags, emptyToNull, sortLikeTerraform, toRecord } from "./microsoft-graph/wire";
import { readServicePrincipal } from "./service-principal-wire";

const TYPE = "#microsoft.graph.servicePrincipal";

const table: Table = {
  accountEnabled: boolean({ default: true }),
  alternativeNames: setOf(string({ expect: expectNotEmpty })),
  appRoleAssignmentRequired: boolean(),
  appRoleIds: mapOf(string(), { output: true }),
  appRoles: listOf(appRoleBlock, { output: true }),
  applicationTenantId: string({ output: true }),
  clientId: string({
    required: true,
    replaces: true,
    expect: expectGuid,
  }),
  description: string({ expect: expectAtMost(1024) }),
  displayName: string({ output: true }),
  featureTags: featureTagsProperty,
  features: listOf(
    block({
      customSingleSignOnApp: boolean(),
      enterpriseApplication: boolean(),
      galleryApplication: boolean(),
      visibleToUsers: boolean(),
    }),
    { output: true, unsupported: true },
  ),
  homepageUrl: string({ output: true }),
  loginUrl: string({ expect: expectWebUrl }),
  logoutUrl: string({ output: true }),
  notes: string({ expect: expectAtMost(1024) }),
  notificationEmailAddresses: setOf(string({ expect: expectNotEmpty })),
  oauth2PermissionScopeIds: mapOf(string(), { output: true }),
  oauth2PermissionScopes: listOf(permissionScopeBlock, { output: true }),
  objectId: string({ output: true }),
  owners: setOf(string({ expect: expectGuid })),
  preferredSingleSignOnMode: string({ expect: expectOneOf("", "notSupported", "oidc", "password", "saml") }),
  redirectUris: listOf(string(), { output: true }),
  samlMetadataUrl: string({ output: true }),
  samlSingleSignOn: block({ relayState: string({ expect: expectNotEmpty }) }),
  servicePrincipalNames: listOf(string(), { output: true }),
  signInAudience: string({ output: true }),
  tags: setOf(string(), { computed: true, conflicts: "featureTags" }),
  type: string({ output: true }),
  useExisting: boolean({ unsupported: true }),
};

export const servicePrincipalResource = createGraphResource({
  terraform: "azuread_service_principal",
  meta: '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":600000000000,"delete":300000000000,"read":300000000000,"update":600000000000},"schema_version":"1"}',
  importable: /^\/servicePrincipals\/[^/]+$/,
  table,

  async create(graph, inputs) {
    const clientId = String(inputs.clientId);
    const [existing] = await withSummary("Could not list existing service principals", () =>
      graph.list("/servicePrincipals", buildFilter("appId", clientId)),
    );
    if (existing) {
      throw new Error(
        `[id] A resource with the ID "${existing.id}" already exists: ${formatImportAdvice("azuread_service_principal")}`,
      );
    }
    const owners = chooseInitialOwners(graph, inputs.owners);
    const body = { ...buildBody(inputs), appId: clientId, description: createTemporaryName() };
    const created = await withSummary("Could not create service principal", () =>
      graph.post("/servicePrincipals", { ...body, "owners@odata.bind": owners.atCreation }, isReplicating),
    );
    const path = `/servicePrincipals/${created.id}`;
    try {
      // Checks that Graph knows the new object. Unlike for applications, the real plugin does not retry this 404.
      const described = { "@odata.type": TYPE, description: emptyToNull(inputs.description) };
      await patchCreated(graph, path, described, { kind: "service principal" });
      await addOwners(graph, path, owners, "service principal");
    } catch (error) {
      throw new UnfinishedResource((error as Error).message, path, inputs);
    }
    return path;
  },

  readBack,

  async update(graph, id, state, inputs) {
    const object = parseObjectId(id, "servicePrincipals");
    const [path, name] = [`/servicePrincipals/${object}`, formatIdLabel("Service Principal", object)];
    await withSummary(`Updating ${name}`, () => graph.patch(path, buildBody(inputs, state)));
    const changed = [...compareProperties({ owners: setOf(string()) }, state, inputs, "zero values")];
    if (changed.length > 0) await changeOwners(graph, path, inputs.owners, "service principal");
  },

  async delete(graph, id) {
    const object = parseObjectId(id, "servicePrincipals");
    const [path, name] = [`/servicePrincipals/${object}`, formatIdLabel("Service Principal", object)];
    await withSummary(`[id] Deleting ${name}`, () => graph.delete(path));
    await graph.waitUntilStable(async () => (await graph.find(path)) === undefined);
  },
});

async function readBack(graph: GraphApi, path: string, known: Properties): Promise<Properties | undefined> {
  const label = formatIdLabel("Service Principal", parseObjectId(path, "servicePrincipals"));
  const found = await withSummary(`Retrieving ${label}`, () => graph.find(path));
  if (!found) return undefined;
  const beta = await graph.get(`/beta${path}`, "$select=samlMetadataUrl");
  const saml = found.samlSingleSignOnSettings;
  return {
    ...readServicePrincipal(found, beta),
    ...(isRecord(saml) && { samlSingleSignOn: { relayState: saml.relayState ?? "" } }),
    owners: await listOwners(graph, path),
    useExisting: known.useExisting,
  };
}

const isReplicating = (status: number, text: string) =>
  (status === 400 &&
    /The appId '.+' of the service principal does not reference a valid application object/.test(text)) ||
  (status === 403 &&
    text.includes("the backing application of the service principal being created must in the local tenant"));

function buildBody(inputs: Properties, state?: Properties): Properties {
  const { relayState } = toRecord(inputs.samlSingleSignOn);
  return {
    "@odata.type": TYPE,
    accountEnabled: inputs.accountEnabled ?? true,
    alternativeNames: sortLikeTerraform(inputs.alternativeNames),
    appRoleAssignmentRequired: inputs.appRoleAssignmentRequired ?? false,
    description: emptyToNull(inputs.description),
    loginUrl: emptyToNull(inputs.loginUrl),
    notes: emptyToNull(inputs.notes),
    notificationEmailAddresses: sortLikeTerraform(inputs.notificationEmailAddresses),
    preferredSingleSignOnMode: emptyToNull(inputs.preferredSingleSignOnMode),
    samlSingleSignOnSettings: relayState === undefined ? {} : { relayState },
    tags: chooseTags(inputs, state),
  };
}
