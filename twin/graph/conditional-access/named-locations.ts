import { randomUUID } from "node:crypto";
import { isIP } from "node:net";
import { z } from "zod";
import type { NamedLocation } from "../../store/entra/conditional-access";
import { formatTimestamp } from "../../store/store";
import {
  type BodyRules,
  findByPath,
  type GraphCall,
  type GraphOperation,
  readBody,
  type WireObject,
} from "../call";
import { malformedRequest, resourceNotFound } from "../errors";
import { formatCollection, formatEntity, PAGING_OPTIONS } from "../query";

const TYPE = "identity/conditionalAccess/namedLocations";
const IP = "#microsoft.graph.ipNamedLocation";
const COUNTRY = "#microsoft.graph.countryNamedLocation";

/** The azuread provider sends each range as one of IPv4. */
const range = z
  .strictObject({
    "@odata.type": z.enum(["#microsoft.graph.iPv4CidrRange", "#microsoft.graph.iPv6CidrRange"]),
    cidrAddress: z.string().refine(isRange, "must be a range with a prefix of at least 8 bits"),
  })
  .transform(({ cidrAddress }) => cidrAddress);

function isRange(cidr: string): boolean {
  const [address = "", bits = ""] = cidr.split("/");
  const longest = isIP(address) === 6 ? 128 : 32;
  return isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) >= 8 && Number(bits) <= longest;
}

const displayName = z.string().min(1).max(256);

/** https://learn.microsoft.com/graph/api/conditionalaccessroot-post-namedlocations */
const locationSchema = z.discriminatedUnion("@odata.type", [
  z.strictObject({
    "@odata.type": z.literal(IP),
    displayName,
    ipRanges: z.array(range).min(1),
    isTrusted: z.boolean().default(false),
  }),
  z.strictObject({
    "@odata.type": z.literal(COUNTRY),
    displayName,
    countriesAndRegions: z.array(z.string().regex(/^[A-Z]{2}$/)).min(1),
    includeUnknownCountriesAndRegions: z.boolean().default(false),
    countryLookupMethod: z
      .literal("clientIpAddress", { error: "not served: the position of a phone" })
      .default("clientIpAddress"),
  }),
]);

const rules: BodyRules = {
  type: "NamedLocation",
  readOnly: ["id", "createdDateTime", "modifiedDateTime"],
  notServed: [],
};

/**
 * Operations on named locations.
 *
 * Sources: https://learn.microsoft.com/graph/api/conditionalaccessroot-list-namedlocations, `namedlocation-get`,
 * `conditionalaccessroot-post-namedlocations`, `ipnamedlocation-update`, `countrynamedlocation-update` and
 * `namedlocation-delete`.
 */
export const namedLocationOperations: GraphOperation[] = [
  {
    call: "GET /identity/conditionalAccess/namedLocations",
    query: PAGING_OPTIONS,
    handle: (call) => {
      const wires = [...call.tenant.namedLocations.values()].map(toNamedLocationWire);
      return formatCollection(call, TYPE, wires, { isPaged: true });
    },
  },
  {
    call: "GET /identity/conditionalAccess/namedLocations/{id}",
    query: ["$select"],
    handle: (call) => formatEntity(call, TYPE, toNamedLocationWire(findLocation(call))),
  },
  { call: "POST /identity/conditionalAccess/namedLocations", handle: createLocation },
  { call: "PATCH /identity/conditionalAccess/namedLocations/{id}", handle: changeLocation },
  { call: "DELETE /identity/conditionalAccess/namedLocations/{id}", handle: deleteLocation },
];

const findLocation = (call: GraphCall) =>
  findByPath(call, call.tenant.namedLocations, resourceNotFound("Named location"));

async function createLocation(call: GraphCall) {
  const sent = await readBody(call, locationSchema, rules);
  const now = formatTimestamp(call.store.now());
  const location: NamedLocation = {
    id: randomUUID(),
    displayName: sent.displayName,
    createdDateTime: now,
    modifiedDateTime: now,
    place: buildPlace(sent),
  };
  call.tenant.namedLocations.set(location.id, location);
  return formatEntity(call, TYPE, toNamedLocationWire(location));
}

/** Merges the sent properties, and validates the result like a new location. Its kind cannot change. */
async function changeLocation(call: GraphCall) {
  const location = findLocation(call);
  const {
    id: _id,
    createdDateTime: _created,
    modifiedDateTime: _modified,
    ...before
  } = toNamedLocationWire(location);
  const schema = z
    .record(z.string(), z.unknown())
    .transform((sent) => ({ ...before, ...sent }))
    .pipe(locationSchema);
  const sent = await readBody(call, schema, rules);
  if (sent["@odata.type"] !== before["@odata.type"])
    throw malformedRequest("The kind of a named location cannot be changed.");
  const modifiedDateTime = formatTimestamp(call.store.now());
  Object.assign(location, { displayName: sent.displayName, place: buildPlace(sent), modifiedDateTime });
  return null;
}

/** Deletes a location; the azuread provider first takes the trust from one, since Entra refuses trusted ones. */
function deleteLocation(call: GraphCall) {
  const { id, place } = findLocation(call);
  const isUsed = [...call.tenant.conditionalAccessPolicies.values()].some(({ conditions }) =>
    Object.values(conditions.locations ?? {})
      .flat()
      .includes(id),
  );
  if (place.kind === "ip" && place.isTrusted)
    throw malformedRequest("A trusted named location cannot be deleted.");
  if (isUsed) throw malformedRequest("A named location that a policy refers to cannot be deleted.");
  call.tenant.namedLocations.delete(id);
  return null;
}

function buildPlace(sent: z.infer<typeof locationSchema>): NamedLocation["place"] {
  if (sent["@odata.type"] === IP) return { kind: "ip", ranges: sent.ipRanges, isTrusted: sent.isTrusted };
  const { countriesAndRegions: countries, includeUnknownCountriesAndRegions: includesUnknown } = sent;
  return { kind: "country", countries, includesUnknown };
}

/** https://learn.microsoft.com/graph/api/resources/namedlocation */
export function toNamedLocationWire({ place, ...shown }: NamedLocation): WireObject {
  if (place.kind === "country")
    return {
      "@odata.type": COUNTRY,
      ...shown,
      countriesAndRegions: place.countries,
      includeUnknownCountriesAndRegions: place.includesUnknown,
      countryLookupMethod: "clientIpAddress",
    };
  const ipRanges = place.ranges.map((cidrAddress) => ({
    "@odata.type": `#microsoft.graph.iPv${cidrAddress.includes(":") ? 6 : 4}CidrRange`,
    cidrAddress,
  }));
  return { "@odata.type": IP, ...shown, isTrusted: place.isTrusted, ipRanges };
}
