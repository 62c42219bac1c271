/** Checks of private networks: mistakes that would open a door, or settings without the effect they promise. */

import { contains, overlap, parseRange, type Range } from "../values/ranges";
import { checkPolicyOrder } from "./application-checks";
import type { AccessCheck } from "./name-checks";
import type { AccessConfig } from "./schema";

/** The shortest prefixes that private networks have: 10.0.0.0/8 and fc00::/7. */
const SHORTEST_PREFIX = { 4: 8, 6: 7 } as const;

const refuseWideRange: AccessCheck = (access, refuse) => {
  for (const { name, range } of listRanges(access)) {
    const shortest = SHORTEST_PREFIX[range.version];
    if (range.bits < shortest)
      refuse(["privateRanges", name, "cidr"], `must be a private range, /${shortest} at the widest`);
  }
};

/** Refuses ranges that overlap: which of two routes and rules applies depends on more than the settings. */
const refuseOverlappingRanges: AccessCheck = (access, refuse) => {
  for (const [earlier, later] of listPairs(listRanges(access)))
    if (earlier.networkId === later.networkId && overlap(earlier.range, later.range)) {
      const path = ["privateRanges", later.name, "cidr"];
      const advice = "Both are in the same virtual network.";
      refuse(path, `must not overlap the range of "${earlier.name}", ${earlier.cidr}`, advice);
    }
};

const refuseRepeatedHostname: AccessCheck = ({ privateHostnames }, refuse) => {
  for (const [[earlierName, earlier], [name, later]] of listPairs(Object.entries(privateHostnames)))
    if (earlier.hostname === later.hostname)
      refuse(["privateHostnames", name, "hostname"], `must not be the host name of "${earlierName}"`);
};

const refuseRepeatedVirtualNetwork: AccessCheck = ({ virtualNetworks }, refuse) => {
  for (const [[earlierName, earlier], [name, later]] of listPairs(Object.entries(virtualNetworks)))
    if ((earlier.id ?? earlier.displayName) === (later.id ?? later.displayName))
      refuse(["virtualNetworks", name], `must not be the same virtual network as "${earlierName}"`);
};

/** Refuses a precedence that is taken: each setting takes two, and Gateway gives each to one rule. */
const refuseTakenPrecedence: AccessCheck = ({ privateRanges, privateHostnames }, refuse) => {
  const all = Object.entries({ privateRanges, privateHostnames }).flatMap(([part, byName]) =>
    Object.entries(byName).map(([name, { precedence }]) => ({ part, name, precedence })),
  );
  for (const [earlier, { part, name, precedence }] of listPairs(all))
    if (Math.abs(earlier.precedence - precedence) < 2) {
      const taken = `${earlier.precedence} and ${earlier.precedence + 1}`;
      refuse([part, name, "precedence"], `must leave ${taken} to "${earlier.name}"`);
    }
};

const refuseEmptyApplication: AccessCheck = ({ applications }, refuse) => {
  for (const [name, { hostnames, destinations }] of Object.entries(applications))
    if (hostnames.length === 0 && !destinations)
      refuse(["applications", name], "must have hostnames or destinations; it would protect nothing");
};

const refuseDestinationOutsideRange: AccessCheck = (access, refuse) => {
  for (const { path, destination, range, rangeText } of listDestinations(access))
    if (!contains(range, destination)) {
      const advice = "Gateway does not close the rest.";
      refuse([...path, "cidr"], `must be a part of ${rangeText}, the range that it names`, advice);
    }
};

/** Refuses overlapping destinations of two applications, because it is undefined whose policies Access evaluates. */
const refuseOverlappingDestinations: AccessCheck = (access, refuse) => {
  for (const [earlier, later] of listPairs(listDestinations(access)))
    if (
      earlier.application !== later.application &&
      earlier.rangeName === later.rangeName &&
      isOverlapping(earlier, later)
    ) {
      const advice = "Choose other addresses, ports or another protocol.";
      refuse(later.path, `must not overlap a destination of "${earlier.application}"`, advice);
    }
};

/** Refuses a host name that is not used exactly once: its route takes all ports, and Gateway closes only HTTPS. */
const refuseUnprotectedHostname: AccessCheck = ({ privateHostnames, applications }, refuse) => {
  const used = Object.values(applications).flatMap(({ destinations = [] }) =>
    destinations.map(({ hostname }) => hostname),
  );
  for (const name of Object.keys(privateHostnames)) {
    const times = used.filter((hostname) => hostname === name).length;
    if (times !== 1) {
      const advice = "Otherwise every enrolled device can reach it without a policy.";
      refuse(["privateHostnames", name], `must be used by exactly one destination, not ${times}`, advice);
    }
  }
};

const refuseOpenPorts: AccessCheck = ({ applications }, refuse) => {
  for (const [name, { destinations = [], acknowledge }] of Object.entries(applications))
    for (const [index, { hostname, ports, protocol }] of destinations.entries()) {
      const isPart = hostname !== undefined && (ports ?? protocol) !== undefined;
      if (!isPart || acknowledge.includes("unprotectedRest")) continue;
      const advice =
        'Every enrolled device can reach the other ports. Remove both, or set acknowledge: ["unprotectedRest"].';
      const path = ["applications", name, "destinations", index];
      refuse(path, "must not restrict the ports or the protocol of a host name", advice);
    }
};

const refuseBypassedDestinations: AccessCheck = ({ applications, policies }, refuse) => {
  for (const [name, { destinations, policies: listed }] of Object.entries(applications))
    for (const [index, policy] of listed.entries())
      if (destinations && policies[policy]?.decision === "bypass") {
        const advice = "With bypass, everybody could reach the private destinations.";
        refuse(["applications", name, "policies", index], "must be a policy that requires a sign-in", advice);
      }
};

const checkEnrolmentPolicies: AccessCheck = ({ deviceEnrolment, policies }, refuse) => {
  const listed = deviceEnrolment?.policies ?? [];
  const path = ["deviceEnrolment", "policies"];
  for (const [index, policy] of listed.entries())
    if (policies[policy]?.decision === "bypass") {
      const advice = "With bypass, any device could be enrolled.";
      refuse([...path, index], "must be a policy that requires a sign-in", advice);
    }
  checkPolicyOrder(policies, listed, path, refuse);
};

interface Destination {
  application: string;
  path: (string | number)[];
  rangeName: string;
  /** The private range that the destination is in, and its text in the settings. */
  range: Range;
  rangeText: string;
  destination: Range;
  ports: string;
  protocol: string | undefined;
}

/** Lists the private ranges that are well-formed; the schema refuses the others. */
function listRanges({ privateRanges, virtualNetworks }: AccessConfig) {
  return Object.entries(privateRanges).flatMap(([name, { cidr, virtualNetwork }]) => {
    const range = parseRange(cidr);
    const networkId = virtualNetworks[virtualNetwork]?.id ?? virtualNetwork;
    return range ? [{ name, cidr, range, networkId }] : [];
  });
}

function listDestinations(access: AccessConfig): Destination[] {
  const ranges = listRanges(access);
  return Object.entries(access.applications).flatMap(([application, { destinations = [] }]) =>
    destinations.flatMap(({ range: rangeName = "", cidr, ports = "1-65535", protocol }, index) => {
      const named = ranges.find(({ name }) => name === rangeName);
      const destination = cidr === undefined ? named?.range : parseRange(cidr);
      if (!named || !destination) return [];
      const path = ["applications", application, "destinations", index];
      const { range, cidr: rangeText } = named;
      return [{ application, path, rangeName, range, rangeText, destination, ports, protocol }];
    }),
  );
}

function isOverlapping(one: Destination, other: Destination): boolean {
  const [first = 0, last = first] = one.ports.split("-").map(Number);
  const [from = 0, to = from] = other.ports.split("-").map(Number);
  const isSameProtocol =
    one.protocol === undefined || other.protocol === undefined || one.protocol === other.protocol;
  return overlap(one.destination, other.destination) && first <= to && from <= last && isSameProtocol;
}

/** Lists all pairs, the earlier item first. */
function listPairs<T>(all: readonly T[]): [T, T][] {
  return all.flatMap((later, index) => all.slice(0, index).map((earlier): [T, T] => [earlier, later]));
}

export const privateNetworkChecks: readonly AccessCheck[] = [
  refuseWideRange,
  refuseOverlappingRanges,
  refuseRepeatedHostname,
  refuseRepeatedVirtualNetwork,
  refuseTakenPrecedence,
  refuseEmptyApplication,
  refuseDestinationOutsideRange,
  refuseOverlappingDestinations,
  refuseUnprotectedHostname,
  refuseOpenPorts,
  refuseBypassedDestinations,
  checkEnrolmentPolicies,
];
