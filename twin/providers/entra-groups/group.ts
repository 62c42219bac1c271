/** `azuread:index/group:Group`, as far as security groups with assigned members go. */
import { randomBytes } from "node:crypto";
import { compare } from "../diff";
import { filter, type Graph, GraphError } from "../microsoft-graph/client";
import { guid, notEmpty } from "../microsoft-graph/expectations";
import { naming, objectId, temporaryName } from "../microsoft-graph/identity";
import { orNull, setOrder } from "../microsoft-graph/wire";
import { block, flag, listOf, setOf, type Table, text } from "../properties";
import { type Resource, Unfinished } from "../resource";
import type { Properties } from "../values";
import { groupLabel, readGroup } from "./wire";

const TYPE = "#microsoft.graph.group";
const ids = setOf(text({ expect: guid }), { computed: true });
const unsupported = { unsupported: true };

const table: Table = {
  administrativeUnitIds: setOf(text(), unsupported),
  assignableToRole: flag({ replaces: true }),
  autoSubscribeNewMembers: flag(unsupported),
  behaviors: setOf(text(), unsupported),
  description: text(),
  displayName: text({ required: true, expect: notEmpty }),
  dynamicMembership: block({}, unsupported),
  externalSendersAllowed: flag(unsupported),
  hideFromAddressLists: flag(unsupported),
  hideFromOutlookClients: flag(unsupported),
  mail: text({ output: true }),
  mailEnabled: flag(unsupported),
  mailNickname: text({ replaces: true, computed: true, expect: notEmpty }),
  members: ids,
  objectId: text({ output: true }),
  onpremisesDomainName: text({ output: true }),
  onpremisesGroupType: text(unsupported),
  onpremisesNetbiosName: text({ output: true }),
  onpremisesSamAccountName: text({ output: true }),
  onpremisesSecurityIdentifier: text({ output: true }),
  onpremisesSyncEnabled: flag({ output: true }),
  owners: ids,
  preferredLanguage: text({ output: true }),
  preventDuplicateNames: flag({ implied: false }),
  provisioningOptions: setOf(text(), unsupported),
  proxyAddresses: listOf(text(), { output: true }),
  securityEnabled: flag(),
  theme: text(unsupported),
  types: setOf(text(), unsupported),
  visibility: text(unsupported),
  writebackEnabled: flag(unsupported),
};

export const group: Resource<Graph> = {
  terraform: "azuread_group",
  meta: '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":1800000000000,"delete":300000000000,"read":300000000000,"update":1800000000000},"schema_version":"1"}',
  importable: /^\/groups\/[^/]+$/,
  table,

  validate(inputs, name) {
    if (inputs.securityEnabled !== undefined) return [];
    const rule = 'one of `mail_enabled,security_enabled` must be specified. Examine values at "';
    return [
      {
        property: "",
        reason: `Missing required argument. "security_enabled": ${rule}${name}.securityEnabled".`,
      },
    ];
  },

  // No `plan`: the real one looks for duplicates when it applies, not at preview.

  async create(graph, inputs) {
    await refuseDuplicate(graph, inputs);
    const owners = await ownersFirst(graph, inputs);
    const body = {
      ...properties(inputs),
      groupTypes: [],
      isAssignableToRole: inputs.assignableToRole ?? false,
      mailNickname:
        inputs.mailNickname ?? `${randomBytes(4).toString("hex")}-${randomBytes(1).toString("hex")[0]}`,
      resourceBehaviorOptions: [],
      resourceProvisioningOptions: [],
      "owners@odata.bind": owners.map((id) => graph.reference(id)),
    };
    const made = await naming(`Creating group "${inputs.displayName}"`, () =>
      graph.post("/beta/groups", body, replicating),
    );
    const id = `/groups/${made.id}`;
    try {
      await awaitReplica(graph, id, inputs.displayName);
      await addMembers(graph, id, setOrder(inputs.members));
    } catch (error) {
      throw new Unfinished((error as Error).message, id, inputs);
    }
    const outputs = await readBack(graph, id, inputs);
    if (!outputs) throw new Error(`expected non-nil error with nil state during Create of ${id}`);
    return { id, outputs };
  },

  async read(graph, id, state) {
    const outputs = await readBack(graph, `/groups/${objectId(id, "groups")}`, state);
    return outputs && { id, outputs };
  },

  async update(graph, id, state, inputs) {
    await refuseDuplicate(graph, inputs, id);
    await naming(`Updating ${groupLabel(objectId(id, "groups"))}`, () =>
      graph.patch(`/beta${id}`, properties(inputs)),
    );
    for (const [name, path] of [
      ["members", `/beta${id}/members`],
      ["owners", `/beta${id}/owners`],
    ] as const) {
      if (inputs[name] === undefined || compare({ [name]: ids }, state, inputs, "zero values").size === 0)
        continue;
      const have = (await graph.list(path)).map((one) => String(one.id));
      const want = setOrder(inputs[name]);
      // Owners are added first: a group that has had one keeps one.
      for (const one of want.filter((other) => !have.includes(other))) await add(graph, path, one);
      for (const one of have.filter((other) => !want.includes(other)))
        await graph.delete(`${path}/${one}/$ref`);
    }
    const outputs = await readBack(graph, id, inputs);
    if (!outputs) throw new Error(`${groupLabel(objectId(id, "groups"))} was not found`);
    return outputs;
  },

  async delete(graph, id) {
    const name = groupLabel(objectId(id, "groups"));
    if (!(await graph.find(`/beta${id}`))) throw new Error(`[id] ${name} was not found`);
    await naming(`Deleting ${name}`, () => graph.delete(`/beta${id}`));
    await graph.settle(async () => (await graph.find(`/beta${id}`)) === undefined);
  },
};

function properties(inputs: Properties): Properties {
  return {
    "@odata.type": TYPE,
    description: orNull(inputs.description),
    displayName: inputs.displayName,
    mailEnabled: false,
    membershipRule: null,
    securityEnabled: inputs.securityEnabled ?? false,
  };
}

async function refuseDuplicate(graph: Graph, inputs: Properties, own?: string): Promise<void> {
  if (!inputs.preventDuplicateNames) return;
  const found = await naming("[name] Could not check for existing groups(s)", () =>
    graph.list("/beta/groups", filter("displayName", String(inputs.displayName))),
  );
  const taken = found.find(
    (other) => other.displayName === inputs.displayName && `/groups/${other.id}` !== own,
  );
  if (!taken) return;
  throw new Error(
    `[id] An existing "azuread_group" with name "${inputs.displayName}" (ID: "${taken.id}") was found and ` +
      "`prevent_duplicate_names` was specified: To be managed via Terraform, this resource needs to be imported into " +
      'the State. Please see the resource documentation for "azuread_group" for more information.',
  );
}

/** The caller where it is one, then users, service principals, groups: the real plugin asks what each owner is. */
async function ownersFirst(graph: Graph, inputs: Properties): Promise<string[]> {
  const asked = setOrder(inputs.owners);
  if (asked.length === 0) return [graph.callerId];
  const others = asked.filter((id) => id.toLowerCase() !== graph.callerId.toLowerCase());
  const kinds = new Map<string, string>();
  for (const id of others) {
    const object = await naming(`[owners] Could not retrieve owner "${id}"`, () =>
      graph.get(`/directoryObjects/${id}`),
    );
    kinds.set(id, String(object["@odata.type"]));
  }
  const order = ["user", "servicePrincipal", "group"].map((kind) => `#microsoft.graph.${kind}`);
  const sorted = order.flatMap((kind) => others.filter((id) => kinds.get(id) === kind));
  return [...(others.length < asked.length ? [graph.callerId] : []), ...sorted];
}

/** Graph may not know the new object yet: it is renamed and back, and then looked at. */
async function awaitReplica(graph: Graph, id: string, displayName: unknown): Promise<void> {
  const name = groupLabel(id.split("/")[2]);
  for (const wanted of [temporaryName(), displayName]) {
    try {
      await graph.patch(
        `/beta${id}`,
        { "@odata.type": TYPE, displayName: wanted },
        (status) => status === 404,
      );
    } catch (error) {
      const lagging = error instanceof GraphError && error.status === 404;
      const summary = lagging
        ? `Timed out whilst waiting for new ${name} to be replicated in Azure AD`
        : `Failed to patch ${name} after creating`;
      throw new Error(`${summary}: ${(error as Error).message}`);
    }
  }
  await graph.settle(async () => (await graph.find(`/beta${id}`))?.displayName === displayName);
}

async function addMembers(graph: Graph, id: string, members: string[]): Promise<void> {
  for (const member of members) {
    await naming(`Could not add members to group with object ID: "${id}"`, () =>
      add(graph, `/beta${id}/members`, member),
    );
  }
}

async function add(graph: Graph, path: string, object: string): Promise<void> {
  await graph.post(`${path}/$ref`, { "@odata.id": graph.reference(object) });
}

const replicating = (status: number, text: string) =>
  status === 404 ||
  (status === 400 &&
    /One or more property values specified are invalid|one of its queried reference-property objects are not present/.test(
      text,
    ));

async function readBack(graph: Graph, id: string, known: Properties): Promise<Properties | undefined> {
  const found = await naming(`Retrieving ${groupLabel(id.split("/")[2])}`, () => graph.find(`/beta${id}`));
  if (!found) return undefined;
  const read = await readGroup(graph, found);
  // Administrative units: asked for as the real plugin does, and there are none.
  await graph.list(`/beta${id}/memberOf`);
  return { ...read, preventDuplicateNames: known.preventDuplicateNames ?? false };
}
