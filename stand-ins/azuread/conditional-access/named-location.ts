/** `azuread:index/namedLocation:NamedLocation`: the calls of the real plugin, in its order. */

import { block, boolean, listOf, string, type Table } from "../../bridge/table/properties";
import type { Properties } from "../../bridge/values";
import { isNotFound } from "../microsoft-graph/client";
import { expectNotEmpty, expectOneOf } from "../microsoft-graph/expectations";
import { withSummary } from "../microsoft-graph/identity";
import { createGraphResource } from "../microsoft-graph/resource";
import { toRecord, toRecords, toStrings } from "../microsoft-graph/wire";

const PATH = "/identity/conditionalAccess/namedLocations";

const table: Table = {
  country: block(
    {
      countriesAndRegions: listOf(string({ expect: expectNotEmpty }), { required: true }),
      countryLookupMethod: string({
        default: "clientIpAddress",
        expect: expectOneOf("authenticatorAppGps", "clientIpAddress"),
      }),
      includeUnknownCountriesAndRegions: boolean(),
    },
    { replaces: true },
  ),
  displayName: string({ required: true, expect: expectNotEmpty }),
  ip: block({ ipRanges: listOf(string(), { required: true }), trusted: boolean() }, { replaces: true }),
  objectId: string({ output: true }),
};

export const namedLocationResource = createGraphResource({
  terraform: "azuread_named_location",
  meta: '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":300000000000,"delete":300000000000,"read":300000000000,"update":300000000000},"schema_version":"1"}',
  importable: /^\/identity\/conditionalAccess\/namedLocations\/[^/]+$/,
  table,

  validate(inputs, name) {
    if ((inputs.ip === undefined) !== (inputs.country === undefined)) return [];
    const rule = "only one of `country,ip` can be specified, and one of them must be";
    return [`Invalid combination of arguments. "ip": ${rule}. Examine values at "${name}.ip".`];
  },

  async create(graph, inputs) {
    const created = await withSummary("Could not create named location", () =>
      graph.post(PATH, buildBody(inputs)),
    );
    const id = `${PATH}/${created.id}`;
    await graph.waitUntilStable(async () => (await graph.find(id)) !== undefined);
    return id;
  },

  async readBack(graph, id) {
    const found = await graph.find(id);
    return found && readLocation(found);
  },

  async update(graph, id, state, inputs) {
    const { displayName, ...place } = inputs;
    const changed = displayName === state.displayName ? place : inputs;
    await withSummary(`Updating ${formatLabel(id)}`, () => graph.patch(id, buildBody(changed)));
    await graph.waitUntilStable(async () => (await graph.find(id)) !== undefined);
  },

  /** Takes the trust first, without which Entra deletes no ranges. */
  async delete(graph, id, { ip }) {
    if (ip) {
      const untrusted = buildBody({ ip: { ...toRecord(ip), trusted: false } });
      const exists = await withSummary(`updating ${formatLabel(id)} prior to deletion`, () =>
        unlessMissing(() => graph.patch(id, untrusted)),
      );
      if (!exists) return;
      await graph.waitUntilStable(async () => (await graph.find(id))?.isTrusted !== true);
    }
    const exists = await withSummary(`deleting ${formatLabel(id)}`, () =>
      unlessMissing(() => graph.delete(id)),
    );
    if (exists) await graph.waitUntilStable(async () => (await graph.find(id)) === undefined);
  },
});

/** Runs a call. @returns false if Graph answers 404 */
async function unlessMissing(call: () => Promise<void>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Without a display name, it stays as it is. */
function buildBody({ displayName, ip, country }: Properties): Properties {
  if (country) {
    const { countriesAndRegions, countryLookupMethod, includeUnknownCountriesAndRegions } = toRecord(country);
    return {
      "@odata.type": "#microsoft.graph.countryNamedLocation",
      displayName,
      countriesAndRegions: toStrings(countriesAndRegions),
      countryLookupMethod: countryLookupMethod ?? "clientIpAddress",
      includeUnknownCountriesAndRegions: includeUnknownCountriesAndRegions ?? false,
    };
  }
  const { ipRanges, trusted } = toRecord(ip);
  return {
    "@odata.type": "#microsoft.graph.ipNamedLocation",
    displayName,
    // Like the real plugin, whatever the version of the address.
    ipRanges: toStrings(ipRanges).map((cidrAddress) => ({
      "@odata.type": "#microsoft.graph.iPv4CidrRange",
      cidrAddress,
    })),
    isTrusted: trusted ?? false,
  };
}

function readLocation(found: Properties): Properties {
  const common = {
    id: `${PATH}/${found.id}`,
    objectId: found.id,
    displayName: found.displayName ?? "",
  };
  if (found["@odata.type"] === "#microsoft.graph.countryNamedLocation")
    return {
      ...common,
      country: {
        countriesAndRegions: toStrings(found.countriesAndRegions),
        countryLookupMethod: found.countryLookupMethod ?? "clientIpAddress",
        includeUnknownCountriesAndRegions: found.includeUnknownCountriesAndRegions ?? false,
      },
    };
  const ipRanges = toRecords(found.ipRanges).map(({ cidrAddress }) => String(cidrAddress));
  return { ...common, ip: { ipRanges, trusted: found.isTrusted ?? false } };
}

const formatLabel = (id: string) =>
  `Identity Conditional Access Named Location (Named Location: "${id.split("/").at(-1)}")`;
