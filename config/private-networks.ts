/** The settings of `access` about private networks. docs/private-networks.md has them one by one. */
import * as z from "zod";
import { parseRange } from "./ranges";
import {
  always,
  duration,
  group,
  guid,
  hostName,
  label,
  list,
  name,
  oneOf,
  text,
  wholeNumber,
} from "./settings";

/** Of a part of a range, the whole of it. */
const cidr = (want: string) =>
  text(want, /^[0-9a-fA-F.:]+(\/\d{1,3})?$/)
    .refine((range) => parseRange(range) !== undefined, want)
    .transform((range) => (range.includes("/") ? range : `${range}/${parseRange(range)?.bits}`));
const range = 'a range such as "10.20.0.0/16" that begins at its first address';

const ports = z.preprocess(
  (value) => (typeof value === "number" ? String(value) : value),
  text('a port or a range of them, such as "443" or "8000-8099"', /^\d{1,5}(-\d{1,5})?$/).refine((value) => {
    const [first = 0, last = first] = value.split("-").map(Number);
    return first >= 1 && last <= 65_535 && first <= last;
  }, "ports from 1 to 65535, the lower one first"),
);

/** What leads traffic into a tunnel, and the two rules of Gateway that close it by default. */
const routed = {
  routes: oneOf(["make", "existing"]),
  tunnelId: text("the id of a tunnel, a GUID", guid).optional(),
  precedence: wholeNumber(1_000_000),
};
const wholeRoute = [
  ({ routes, tunnelId }: Record<string, unknown>) => (routes === "make") === (tunnelId !== undefined),
  always('tunnelId with routes: "make", and no tunnelId with routes: "existing"'),
] as const;

export const virtualNetwork = group({
  id: text("the id of a virtual network, a GUID", guid).optional(),
  displayName: label.optional(),
}).refine(
  ({ id, displayName }) => (id === undefined) !== (displayName === undefined),
  always("either id, of one that there is, or displayName, of one that the stack makes"),
);

export const privateRange = group({
  virtualNetwork: name("a virtual network"),
  cidr: cidr(range),
  ...routed,
}).refine(...wholeRoute);

export const privateHostname = group({
  hostname: text('a host name such as "ledger.corp.contoso.example", without wildcards', hostName),
  ...routed,
}).refine(...wholeRoute);

export const destinations = list(
  group({
    range: name("a private range").optional(),
    cidr: cidr(`${range}, a part of the private range`).optional(),
    hostname: name("a private hostname").optional(),
    ports: ports.optional(),
    protocol: oneOf(["tcp", "udp"]).optional(),
  })
    .refine(
      ({ range, hostname }) => (range === undefined) !== (hostname === undefined),
      always("either range or hostname"),
    )
    .refine(
      ({ cidr, hostname }) => cidr === undefined || hostname === undefined,
      always("no cidr beside hostname"),
    ),
  "a list of private destinations",
);

export const deviceEnrolment = group({
  policies: list(name("a policy"), "a list of policies"),
  sessionDuration: duration.optional(),
});
