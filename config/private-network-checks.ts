/** Mistakes in private networks that would open a door, or not do what they say. */
import type { AccessConfig } from "./access";
import type { Check, Problem } from "./access-names";
import { outOfOrder } from "./application-checks";
import { contains, overlap, parseRange, type Range } from "./ranges";

/** The shortest prefix, as private networks have them: 10.0.0.0/8 and fc00::/7. */
const SHORTEST = { 4: 8, 6: 7 } as const;

const wholeInternet: Check = (access) =>
  rangesOf(access).flatMap(({ name, range }) =>
    range.bits >= SHORTEST[range.version]
      ? []
      : [
          {
            path: ["privateRanges", name, "cidr"],
            want: `a private range, /${SHORTEST[range.version]} at the widest`,
          },
        ],
  );

/** Which of two routes and rules would count depends on more than the settings say. */
const overlappingRanges: Check = (access) =>
  pairs(rangesOf(access)).flatMap(([earlier, later]) =>
    earlier.place === later.place && overlap(earlier.range, later.range)
      ? [
          {
            path: ["privateRanges", later.name, "cidr"],
            want: `a range beside that of "${earlier.name}", ${earlier.cidr}: both are in one virtual network`,
          },
        ]
      : [],
  );

const sameHostname: Check = ({ privateHostnames }) =>
  pairs(Object.entries(privateHostnames)).flatMap(([[other, earlier], [name, later]]) =>
    earlier.hostname === later.hostname
      ? [
          {
            path: ["privateHostnames", name, "hostname"],
            want: `a host name of its own: "${other}" has this one`,
          },
        ]
      : [],
  );

const sameVirtualNetwork: Check = ({ virtualNetworks }) =>
  pairs(Object.entries(virtualNetworks)).flatMap(([[other, earlier], [name, later]]) =>
    (earlier.id ?? earlier.displayName) === (later.id ?? later.displayName)
      ? [{ path: ["virtualNetworks", name], want: `another one than "${other}"` }]
      : [],
  );

/** Each takes its precedence and the next one, and Gateway gives each to one rule. */
const samePrecedence: Check = ({ privateRanges, privateHostnames }) => {
  const all = Object.entries({ privateRanges, privateHostnames }).flatMap(([part, named]) =>
    Object.entries(named).map(([name, { precedence }]) => ({ part, name, precedence })),
  );
  return pairs(all).flatMap(([earlier, { part, name, precedence }]) =>
    Math.abs(earlier.precedence - precedence) < 2
      ? [
          {
            path: [part, name, "precedence"],
            want: `a number that leaves ${earlier.precedence} and ${earlier.precedence + 1} to "${earlier.name}"`,
          },
        ]
      : [],
  );
};

const nothingProtected: Check = ({ applications }) =>
  Object.entries(applications).flatMap(([name, { hostnames, destinations }]) =>
    hostnames.length > 0 || destinations
      ? []
      : [{ path: ["applications", name], want: "hostnames, destinations or both: it would protect nothing" }],
  );

const outsideRange: Check = (access) =>
  addresses(access).flatMap(({ path, range, at, cidr }) =>
    contains(at, range)
      ? []
      : [
          {
            path: [...path, "cidr"],
            want: `a part of ${cidr}, the range that it names: the rest is not closed`,
          },
        ],
  );

/** Access asks the policies of one application, and which one is not said. */
const overlappingDestinations: Check = (access) =>
  pairs(addresses(access)).flatMap(([earlier, later]) =>
    earlier.application !== later.application && earlier.of === later.of && meet(earlier, later)
      ? [
          {
            path: later.path,
            want: `other addresses, ports or another protocol than those of "${earlier.application}": two applications would protect the same`,
          },
        ]
      : [],
  );

/** A host name's route takes all ports, and Gateway closes those of HTTPS alone. */
const hostnamesOfNobody: Check = ({ privateHostnames, applications }) => {
  const named = Object.values(applications).flatMap(({ destinations = [] }) =>
    destinations.map(({ hostname }) => hostname),
  );
  return Object.keys(privateHostnames).flatMap((name): Problem[] => {
    const times = named.filter((one) => one === name).length;
    return times === 1
      ? []
      : [
          {
            path: ["privateHostnames", name],
            want: `one destination that names it, not ${times}: else whoever enrolled a device would reach what no policy speaks of`,
          },
        ];
  });
};

const openPorts: Check = ({ applications }) =>
  Object.entries(applications).flatMap(([name, { destinations = [], acknowledge }]) =>
    destinations.flatMap(({ hostname, ports, protocol }, index) =>
      hostname === undefined || (ports ?? protocol) === undefined || acknowledge.includes("unprotectedRest")
        ? []
        : [
            {
              path: ["applications", name, "destinations", index],
              want: 'no ports and no protocol, or acknowledge: ["unprotectedRest"]: whoever enrolled a device reaches the others',
            },
          ],
    ),
  );

const bypassed: Check = ({ applications, policies }) =>
  Object.entries(applications).flatMap(([name, { destinations, policies: named }]) =>
    named.flatMap((policy, index) =>
      destinations && policies[policy]?.decision === "bypass"
        ? [
            {
              path: ["applications", name, "policies", index],
              want: "a policy that people sign in for: bypass would open private destinations",
            },
          ]
        : [],
    ),
  );

const enrolment: Check = ({ deviceEnrolment, policies }) => {
  const named = deviceEnrolment?.policies ?? [];
  const path = ["deviceEnrolment", "policies"];
  const open = named.flatMap((policy, index) =>
    policies[policy]?.decision === "bypass"
      ? [{ path: [...path, index], want: "a policy that people sign in for: bypass would let any device in" }]
      : [],
  );
  return [...open, ...outOfOrder(policies, named, path)];
};

interface Address {
  application: string;
  path: (string | number)[];
  /** Name of the private range. */
  of: string;
  cidr: string;
  at: Range;
  range: Range;
  ports: string;
  protocol: string | undefined;
}

/** Those that are well formed; the others are found before. */
function rangesOf({ privateRanges, virtualNetworks }: AccessConfig) {
  return Object.entries(privateRanges).flatMap(([name, { cidr, virtualNetwork }]) => {
    const range = parseRange(cidr);
    const place = virtualNetworks[virtualNetwork]?.id ?? virtualNetwork;
    return range ? [{ name, cidr, range, place }] : [];
  });
}

function addresses(access: AccessConfig): Address[] {
  const ranges = rangesOf(access);
  return Object.entries(access.applications).flatMap(([application, { destinations = [] }]) =>
    destinations.flatMap(({ range: of = "", cidr, ports = "1-65535", protocol }, index) => {
      const found = ranges.find(({ name }) => name === of);
      const range = cidr === undefined ? found?.range : parseRange(cidr);
      if (!found || !range) return [];
      const path = ["applications", application, "destinations", index];
      return [{ application, path, of, cidr: found.cidr, at: found.range, range, ports, protocol }];
    }),
  );
}

function meet(one: Address, other: Address): boolean {
  const [first = 0, last = first] = one.ports.split("-").map(Number);
  const [from = 0, to = from] = other.ports.split("-").map(Number);
  const protocols =
    one.protocol === undefined || other.protocol === undefined || one.protocol === other.protocol;
  return overlap(one.range, other.range) && first <= to && from <= last && protocols;
}

/** Each with each, the earlier one first. */
function pairs<T>(all: readonly T[]): [T, T][] {
  return all.flatMap((later, index) => all.slice(0, index).map((earlier): [T, T] => [earlier, later]));
}

export const privateNetworkChecks: readonly Check[] = [
  wholeInternet,
  overlappingRanges,
  sameHostname,
  sameVirtualNetwork,
  samePrecedence,
  nothingProtected,
  outsideRange,
  overlappingDestinations,
  hostnamesOfNobody,
  openPorts,
  bypassed,
  enrolment,
];
