/** `azuread:index/group:Group`, for security groups with assigned members. */

import { randomBytes } from "node:crypto";
import { UnfinishedResource } from "../../bridge/resource";
import { compareProperties } from "../../bridge/table/diff";
import { block, boolean, listOf, setOf, string, type Table } from "../../bridge/table/properties";
import type { Properties } from "../../bridge/values";
import { buildFilter, type GraphApi } from "../microsoft-graph/client";
import { expectGuid, expectNotEmpty } from "../microsoft-graph/expectations";
import { createTemporaryName, parseObjectId, withSummary } from "../microsoft-graph/identity";
import { createGraphResource, formatImportAdvice, patchCreated } from "../microsoft-graph/resource";
import { emptyToNull, sortLikeTerraform } from "../microsoft-graph/wire";
import { formatGroupLabel, readGroup } from "./wire";

const TYPE = "#microsoft.graph.group";
const ids = setOf(string({ expect: expectGuid }), { computed: true });
const unsupported = { unsupported: true };

const table: Table = {
  administrativeUnitIds: setOf(string(), unsupported),
  assignableToRole: boolean({ replaces: true }),
  autoSubscribeNewMembers: boolean(unsupported),
  behaviors: setOf(string(), unsupported),
  description: string(),
  displayName: string({ required: true, expect: expectNotEmpty }),
  dynamicMembership: block({}, unsupported),
  externalSendersAllowed: boolean(unsupported),
  hideFromAddressLists: boolean(unsupported),
  hideFromOutlookClients: boolean(unsupported),
  mail: string({ output: true }),
  mailEnabled: boolean(unsupported),
  mailNickname: string({ replaces: true, computed: true, expect: expectNotEmpty }),
  members: ids,
  objectId: string({ output: true }),
  onpremisesDomainName: string({ output: true }),
  onpremisesGroupType: string(unsupported),
  onpremisesNetbiosName: string({ output: true }),
  onpremisesSamAccountName: string({ output: true }),
  onpremisesSecurityIdentifier: string({ output: true }),
  onpremisesSyncEnabled: boolean({ output: true }),
  owners: ids,
  preferredLanguage: string({ output: true }),
  preventDuplicateNames: boolean({ implied: false }),
  provisioningOptions: setOf(string(), unsupported),
  proxyAddresses: listOf(string(), { output: true }),
  securityEnabled: boolean(),
  theme: string(unsupported),
  types: setOf(string(), unsupported),
  visibility: string(unsupported),
  writebackEnabled: boolean(unsupported),
};

export const groupResource = createGraphResource({
  terraform: "azuread_group",
  meta: '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":1800000000000,"delete":300000000000,"read":300000000000,"update":1800000000000},"schema_version":"1"}',
  importable: /^\/groups\/[^/]+$/,
  table,

  validate(inputs, name) {
    if (inputs.securityEnabled !== undefined) return [];
    const rule = 'one of `mail_enabled,security_enabled` must be specified. Examine values at "';
    return [`Missing required argument. "security_enabled": ${rule}${name}.securityEnabled".`];
  },

  // No `plan`: the real plugin looks for duplicates only when it applies.

  async create(graph, inputs) {
    await refuseDuplicate(graph, inputs);
    const owners = await sortOwners(graph, inputs);
    const body = {
      ...buildBody(inputs),
      groupTypes: [],
      isAssignableToRole: inputs.assignableToRole ?? false,
      mailNickname:
        inputs.mailNickname ?? `${randomBytes(4).toString("hex")}-${randomBytes(1).toString("hex")[0]}`,
      resourceBehaviorOptions: [],
      resourceProvisioningOptions: [],
      "owners@odata.bind": owners.map((id) => graph.getReferenceUrl(id, "beta")),
    };
    const created = await withSummary(`Creating group "${inputs.displayName}"`, () =>
      graph.post("/beta/groups", body, isReplicating),
    );
    const id = `/groups/${created.id}`;
    try {
      await awaitReplica(graph, id, inputs.displayName);
      await addMembers(graph, id, sortLikeTerraform(inputs.members));
    } catch (error) {
      throw new UnfinishedResource((error as Error).message, id, inputs);
    }
    return id;
  },

  readBack,

  async update(graph, id, state, inputs) {
    await refuseDuplicate(graph, inputs, id);
    await withSummary(`Updating ${formatGroupLabel(parseObjectId(id, "groups"))}`, () =>
      graph.patch(`/beta${id}`, buildBody(inputs)),
    );
    for (const [name, path] of [
      ["members", `/beta${id}/members`],
      ["owners", `/beta${id}/owners`],
    ] as const) {
      if (
        inputs[name] === undefined ||
        compareProperties({ [name]: ids }, state, inputs, "zero values").size === 0
      )
        continue;
      const actual = (await graph.list(path)).map((one) => String(one.id));
      const expected = sortLikeTerraform(inputs[name]);
      // Add owners first, because the last owner of a group cannot be removed.
      for (const one of expected.filter((other) => !actual.includes(other)))
        await addReference(graph, path, one);
      for (const one of actual.filter((other) => !expected.includes(other)))
        await graph.delete(`${path}/${one}/$ref`);
    }
  },

  async delete(graph, id) {
    const name = formatGroupLabel(parseObjectId(id, "groups"));
    if (!(await graph.find(`/beta${id}`))) throw new Error(`[id] ${name} was not found`);
    await withSummary(`Deleting ${name}`, () => graph.delete(`/beta${id}`));
    await graph.waitUntilStable(async () => (await graph.find(`/beta${id}`)) === undefined);
  },
});

function buildBody(inputs: Properties): Properties {
  return {
    "@odata.type": TYPE,
    description: emptyToNull(inputs.description),
    displayName: inputs.displayName,
    mailEnabled: false,
    membershipRule: null,
    securityEnabled: inputs.securityEnabled ?? false,
  };
}

async function refuseDuplicate(graph: GraphApi, inputs: Properties, own?: string): Promise<void> {
  if (!inputs.preventDuplicateNames) return;
  const found = await withSummary("[name] Could not check for existing groups(s)", () =>
    graph.list("/beta/groups", buildFilter("displayName", String(inputs.displayName))),
  );
  const taken = found.find(
    (other) => other.displayName === inputs.displayName && `/groups/${other.id}` !== own,
  );
  if (!taken) return;
  throw new Error(
    `[id] An existing "azuread_group" with name "${inputs.displayName}" (ID: "${taken.id}") was found and ` +
      `\`prevent_duplicate_names\` was specified: ${formatImportAdvice("azuread_group")}`,
  );
}

/** Sorts owners like the real plugin, which looks up each: the caller if included, then users, service principals, groups. */
async function sortOwners(graph: GraphApi, inputs: Properties): Promise<string[]> {
  const owners = sortLikeTerraform(inputs.owners);
  if (owners.length === 0) return [graph.callerId];
  const others = owners.filter((id) => id.toLowerCase() !== graph.callerId.toLowerCase());
  const kinds = new Map<string, string>();
  for (const id of others) {
    const object = await withSummary(`[owners] Could not retrieve owner "${id}"`, () =>
      graph.get(`/directoryObjects/${id}`),
    );
    kinds.set(id, String(object["@odata.type"]));
  }
  const order = ["user", "servicePrincipal", "group"].map((kind) => `#microsoft.graph.${kind}`);
  const sorted = order.flatMap((kind) => others.filter((id) => kinds.get(id) === kind));
  return [...(others.length < owners.length ? [graph.callerId] : []), ...sorted];
}

/** Waits until Graph knows a new object, which is renamed twice and then read. */
async function awaitReplica(graph: GraphApi, id: string, displayName: unknown): Promise<void> {
  const label = formatGroupLabel(id.split("/")[2]);
  const retry = (status: number) => status === 404;
  for (const name of [createTemporaryName(), displayName])
    await patchCreated(
      graph,
      `/beta${id}`,
      { "@odata.type": TYPE, displayName: name },
      { kind: label, retry },
    );
  await graph.waitUntilStable(async () => (await graph.find(`/beta${id}`))?.displayName === displayName);
}

async function addMembers(graph: GraphApi, id: string, members: string[]): Promise<void> {
  for (const member of members) {
    await withSummary(`Could not add members to group with object ID: "${id}"`, () =>
      addReference(graph, `/beta${id}/members`, member),
    );
  }
}

async function addReference(graph: GraphApi, path: string, object: string): Promise<void> {
  await graph.post(`${path}/$ref`, { "@odata.id": graph.getReferenceUrl(object, "beta") });
}

const isReplicating = (status: number, text: string) =>
  status === 404 ||
  (status === 400 &&
    /One or more property values specified are invalid|one of its queried reference-property objects are not present/.test(
      text,
    ));

async function readBack(graph: GraphApi, id: string, known: Properties): Promise<Properties | undefined> {
  const found = await withSummary(`Retrieving ${formatGroupLabel(parseObjectId(id, "groups"))}`, () =>
    graph.find(`/beta${id}`),
  );
  if (!found) return undefined;
  const read = await readGroup(graph, found);
  // Like the real plugin, request the administrative units; the twin has none.
  await graph.list(`/beta${id}/memberOf`);
  return { ...read, preventDuplicateNames: known.preventDuplicateNames ?? false };
}
