import type { CloudflareClient } from "../../clients/cloudflare";
import { convertToApi } from "../../clients/cloudflare-names";
import type { Clouds } from "../../clients/clouds";
import { listDifferences } from "./compare";
import type { ResourceInputs, ResourceSearch } from "./search";

interface ApiObject extends ResourceInputs {
  readonly id: string;
}

interface AccountSearch extends Pick<ResourceSearch, "label" | "isMarked" | "isUnique"> {
  list(zeroTrust: CloudflareClient["zeroTrust"], at: { account_id: string }): AsyncIterable<object>;
  /** Compares the identity of an object with the expected one, both in the form of the API. */
  isSame(actual: ApiObject, expected: ResourceInputs): boolean;
  /** Selects the settings that an object must have to be imported. Default: all of them. */
  selectContent?(expected: ResourceInputs): ResourceInputs;
  /** The beginning of import ids before the account's id. Default: none. */
  readonly importPrefix?: "accounts/";
}

function searchAccount({
  list,
  isSame,
  selectContent = (all) => all,
  importPrefix,
  ...common
}: AccountSearch): ResourceSearch {
  return {
    ...common,
    formatImportId: (id, accountId) => `${importPrefix ?? ""}${accountId}/${id}`,
    async find({ clouds, once }, { accountId: _account, ...inputs }) {
      const { cloudflare, accountId } = clouds;
      const all = await once(common.label, async () => {
        const objects: ApiObject[] = [];
        for await (const object of list(cloudflare.zeroTrust, { account_id: accountId }))
          objects.push(object as ApiObject);
        return objects;
      });
      const expected = convertToApi(inputs);
      return all
        .filter((object) => isSame(object, expected))
        .map((object) => ({
          id: object.id,
          differences: listDifferences(selectContent(expected), object),
        }));
    },
  };
}

const hasSameName: AccountSearch["isSame"] = (actual, expected) => actual.name === expected.name;

/** Adds the rules that the program does not have, because an object must not have them either. */
const selectRules: AccountSearch["selectContent"] = (expected) => ({
  require: [],
  exclude: [],
  ...expected,
});

export const accessGroupSearch = searchAccount({
  label: "Access group",
  importPrefix: "accounts/",
  list: ({ access }, at) => access.groups.list(at),
  isSame: hasSameName,
  selectContent: selectRules,
});

export const accessPolicySearch = searchAccount({
  label: "Access policy",
  list: ({ access }, at) => access.policies.list(at),
  isSame: hasSameName,
  selectContent: selectRules,
});

/** An account has one application for the enrollment of devices, and a host name belongs to one application. */
export const accessApplicationSearch = searchAccount({
  label: "Access application",
  importPrefix: "accounts/",
  isUnique: true,
  list: ({ access }, at) => access.applications.list(at),
  isSame(actual, expected) {
    if (actual.type !== expected.type) return false;
    if (expected.type === "warp") return true;
    const [own, others] = [listHostnames(expected), listHostnames(actual)];
    return own.length === 0 ? actual.name === expected.name : own.some((name) => others.includes(name));
  },
});

function listHostnames({ domain, destinations }: ResourceInputs): unknown[] {
  const all = (destinations ?? []) as readonly { uri?: string }[];
  return [domain, ...all.map(({ uri }) => uri)].filter((name) => name !== undefined);
}

/** Entra's refers to the marked application by its client id; an account has one for one-time PINs. */
export const identityProviderSearch = searchAccount({
  label: "identity provider",
  importPrefix: "accounts/",
  isUnique: true,
  isMarked: ({ type }) => type === "azureAD",
  list: ({ identityProviders }, at) => identityProviders.list(at),
  isSame: (actual, expected) =>
    actual.type === expected.type &&
    (expected.type === "onetimepin" || getClientId(actual) === getClientId(expected)),
  // Cloudflare does not show the client secret, and the run sets everything else again.
  selectContent: ({ type, name }) => (type === "onetimepin" ? { name } : {}),
});

const getClientId = ({ config }: ResourceInputs) => (config as { client_id?: string } | undefined)?.client_id;

export const gatewayPolicySearch = searchAccount({
  label: "network policy",
  list: ({ gateway }, at) => gateway.rules.list(at),
  isSame: hasSameName,
});

export const tunnelRouteSearch = searchAccount({
  label: "tunnel route",
  isUnique: true,
  list: ({ networks }, at) => networks.routes.list({ ...at, is_deleted: false }),
  isSame: (actual, expected) =>
    actual.network === expected.network && actual.virtual_network_id === expected.virtual_network_id,
});

export const hostnameRouteSearch = searchAccount({
  label: "hostname route",
  isUnique: true,
  list: ({ networks }, at) => networks.hostnameRoutes.list({ ...at, is_deleted: false }),
  isSame: (actual, expected) => actual.hostname === expected.hostname,
});

export const virtualNetworkSearch = searchAccount({
  label: "virtual network",
  isUnique: true,
  list: ({ networks }, at) => networks.virtualNetworks.list({ ...at, is_deleted: false }),
  isSame: hasSameName,
});

/** Describes identity providers that sign in with the stack's application beside the stack's own. */
export async function findUnmanagedIdentityProviders(
  { cloudflare, accountId }: Clouds,
  appId: string,
  own: string,
): Promise<string[]> {
  const others: string[] = [];
  for await (const object of cloudflare.zeroTrust.identityProviders.list({ account_id: accountId })) {
    const { id, ...settings } = object as unknown as ApiObject;
    if (id !== own && getClientId(settings) === appId) others.push(id);
  }
  return others.length === 0
    ? []
    : [
        `unmanaged identity providers sign in with this application: ${others.join(", ")}. ` +
          "Delete those that no access rule uses (Zero Trust > Integrations > Identity providers).",
      ];
}
