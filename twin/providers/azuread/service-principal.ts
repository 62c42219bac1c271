/** `azuread:index/servicePrincipal:ServicePrincipal`: the calls of the real plugin, in its order. */
import { compare } from "../diff";
import { filter, type Graph, GraphError } from "../microsoft-graph/client";
import { atMost, guid, notEmpty, oneOf, webUrl } from "../microsoft-graph/expectations";
import { label, naming, objectId, temporaryName } from "../microsoft-graph/identity";
import { addOwners, changeOwners, initialOwners, ownersOf } from "../microsoft-graph/owners";
import { orNull, record, setOrder, tagsOf } from "../microsoft-graph/wire";
import { block, flag, listOf, mapOf, setOf, type Table, text } from "../properties";
import { type Resource, Unfinished } from "../resource";
import { isRecord, type Properties } from "../values";
import { appRole, featureTags, permissionScope } from "./application-table";
import { readServicePrincipal } from "./service-principal-wire";

const TYPE = "#microsoft.graph.servicePrincipal";

const table: Table = {
  accountEnabled: flag({ default: true }),
  alternativeNames: setOf(text({ expect: notEmpty })),
  appRoleAssignmentRequired: flag(),
  appRoleIds: mapOf(text(), { output: true }),
  appRoles: listOf(appRole, { output: true }),
  applicationTenantId: text({ output: true }),
  clientId: text({
    required: true,
    replaces: true,
    expect: guid,
  }),
  description: text({ expect: atMost(1024) }),
  displayName: text({ output: true }),
  featureTags,
  features: listOf(
    block({
      customSingleSignOnApp: flag(),
      enterpriseApplication: flag(),
      galleryApplication: flag(),
      visibleToUsers: flag(),
    }),
    { output: true, unsupported: true },
  ),
  homepageUrl: text({ output: true }),
  loginUrl: text({ expect: webUrl }),
  logoutUrl: text({ output: true }),
  notes: text({ expect: atMost(1024) }),
  notificationEmailAddresses: setOf(text({ expect: notEmpty })),
  oauth2PermissionScopeIds: mapOf(text(), { output: true }),
  oauth2PermissionScopes: listOf(permissionScope, { output: true }),
  objectId: text({ output: true }),
  owners: setOf(text({ expect: guid })),
  preferredSingleSignOnMode: text({ expect: oneOf("", "notSupported", "oidc", "password", "saml") }),
  redirectUris: listOf(text(), { output: true }),
  samlMetadataUrl: text({ output: true }),
  samlSingleSignOn: block({ relayState: text({ expect: notEmpty }) }),
  servicePrincipalNames: listOf(text(), { output: true }),
  signInAudience: text({ output: true }),
  tags: setOf(text(), { computed: true, conflicts: "featureTags" }),
  type: text({ output: true }),
  useExisting: flag(),
};

export const servicePrincipal: Resource<Graph> = {
  terraform: "azuread_service_principal",
  meta: '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":600000000000,"delete":300000000000,"read":300000000000,"update":600000000000},"schema_version":"1"}',
  importable: /^\/servicePrincipals\/[^/]+$/,
  table,

  async create(graph, inputs) {
    const clientId = String(inputs.clientId);
    const [existing] = await naming("Could not list existing service principals", () =>
      graph.list("/servicePrincipals", filter("appId", clientId)),
    );
    if (existing) {
      const id = `/servicePrincipals/${existing.id}`;
      if (inputs.useExisting) return { id, outputs: await change(graph, id, {}, inputs) };
      throw new Error(
        `[id] A resource with the ID "${existing.id}" already exists: To be managed via Terraform, this resource ` +
          'needs to be imported into the State. Please see the resource documentation for "azuread_service_principal" ' +
          "for more information.",
      );
    }
    const owners = initialOwners(graph, inputs.owners);
    const body = { ...properties(inputs), appId: clientId, description: temporaryName() };
    const created = await naming("Could not create service principal", () =>
      graph.post("/servicePrincipals", { ...body, "owners@odata.bind": owners.first }, replicating),
    );
    const path = `/servicePrincipals/${created.id}`;
    try {
      await confirm(graph, path, inputs);
      await addOwners(graph, path, owners, "service principal");
    } catch (error) {
      throw new Unfinished((error as Error).message, path, inputs);
    }
    const outputs = await readBack(graph, path, inputs);
    if (!outputs) throw new Error(`expected non-nil error with nil state during Create of ${path}`);
    return { id: path, outputs };
  },

  async read(graph, id, state) {
    const outputs = await readBack(graph, `/servicePrincipals/${objectId(id, "servicePrincipals")}`, state);
    return outputs && { id, outputs };
  },

  update: (graph, id, state, inputs) => change(graph, id, state, inputs),

  async delete(graph, id, state) {
    const object = objectId(id, "servicePrincipals");
    const [path, name] = [`/servicePrincipals/${object}`, label("Service Principal", object)];
    // `useExisting` deletes too, and only ignores the answer: the trap with Microsoft's own service principals.
    const attempt = naming(`[id] Deleting ${name}`, () => graph.delete(path));
    if (state.useExisting) return void (await attempt.catch(() => undefined));
    await attempt;
    await graph.settle(async () => (await graph.find(path)) === undefined);
  },
};

async function change(graph: Graph, id: string, state: Properties, inputs: Properties): Promise<Properties> {
  const object = objectId(id, "servicePrincipals");
  const [path, name] = [`/servicePrincipals/${object}`, label("Service Principal", object)];
  await naming(`Updating ${name}`, () => graph.patch(path, properties(inputs)));
  const changed = [...compare({ owners: setOf(text()) }, state, inputs, "zero values")];
  if (changed.length > 0) await changeOwners(graph, path, inputs.owners, "service principal");
  const outputs = await readBack(graph, path, inputs);
  if (!outputs) throw new Error(`${name} was not found`);
  return outputs;
}

async function readBack(graph: Graph, path: string, known: Properties): Promise<Properties | undefined> {
  const found = await naming(`Retrieving ${label("Service Principal", path.split("/")[2] ?? "")}`, () =>
    graph.find(path),
  );
  if (!found) return undefined;
  const beta = await graph.get(`/beta${path}`, "$select=samlMetadataUrl");
  const saml = found.samlSingleSignOnSettings;
  return {
    ...readServicePrincipal(found, beta),
    ...(isRecord(saml) && { samlSingleSignOn: { relayState: saml.relayState ?? "" } }),
    owners: await ownersOf(graph, path),
    useExisting: known.useExisting,
  };
}

/** Graph may not know the new object yet; unlike the application's, this 404 is not tried again by the real plugin. */
async function confirm(graph: Graph, path: string, inputs: Properties): Promise<void> {
  try {
    await graph.patch(path, { "@odata.type": TYPE, description: orNull(inputs.description) });
  } catch (error) {
    const lagging = error instanceof GraphError && error.status === 404;
    const summary = lagging
      ? "Timed out whilst waiting for new service principal to be replicated in Azure AD"
      : "Failed to patch service principal after creating";
    throw new Error(`${summary}: ${(error as Error).message}`);
  }
}

const replicating = (status: number, text: string) =>
  (status === 400 &&
    /The appId '.+' of the service principal does not reference a valid application object/.test(text)) ||
  (status === 403 &&
    text.includes("the backing application of the service principal being created must in the local tenant"));

function properties(inputs: Properties): Properties {
  const { relayState } = record(inputs.samlSingleSignOn);
  return {
    "@odata.type": TYPE,
    accountEnabled: inputs.accountEnabled ?? true,
    alternativeNames: setOrder(inputs.alternativeNames),
    appRoleAssignmentRequired: inputs.appRoleAssignmentRequired ?? false,
    description: orNull(inputs.description),
    loginUrl: orNull(inputs.loginUrl),
    notes: orNull(inputs.notes),
    notificationEmailAddresses: setOrder(inputs.notificationEmailAddresses),
    preferredSingleSignOnMode: orNull(inputs.preferredSingleSignOnMode),
    samlSingleSignOnSettings: relayState === undefined ? {} : { relayState },
    tags: tagsOf(inputs),
  };
}
