/** Addresses and ranges as Cloudflare stores them: in the shortest notation, with the length of the prefix. */
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import * as z from "zod";

/** A range of addresses in CIDR notation. */
export interface Range {
  version: 4 | 6;
  /** The first address. */
  first: ipaddr.IPv4 | ipaddr.IPv6;
  /** Length of the prefix. */
  bits: number;
}

/** Parses an address or a range, whose address may be any of the range; undefined if it is neither. */
function parseAddress(text: string): Range | undefined {
  const [address = "", suffix, ...more] = text.split("/");
  const version = isIP(address);
  // A zone, or an IPv4 address within an IPv6 one, has no equivalent in rules.
  if ((version !== 4 && version !== 6) || more.length > 0 || /%|:.*\./.test(address)) return undefined;
  const width = version === 4 ? 32 : 128;
  if (suffix !== undefined && !/^(0|[1-9]\d{0,2})$/.test(suffix)) return undefined;
  const bits = suffix === undefined ? width : Number(suffix);
  if (bits > width) return undefined;
  const cidr = `${address}/${bits}`;
  const first =
    version === 4 ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr);
  return { version, first, bits };
}

/** Parses an address or a range; undefined if it is neither, or a range that does not begin at its first address. */
export function parseRange(text: string): Range | undefined {
  const range = parseAddress(text);
  const [address = ""] = text.split("/");
  return range && ipaddr.parse(address).toString() === range.first.toString() ? range : undefined;
}

/** Formats a range as Cloudflare does: in the shortest notation and always with the length of the prefix. */
const formatRange = ({ first, bits }: Range): string => `${first.toString()}/${bits}`;

export function contains(outer: Range, inner: Range): boolean {
  return (
    outer.version === inner.version && outer.bits <= inner.bits && inner.first.match(outer.first, outer.bits)
  );
}

export const overlap = (one: Range, other: Range) => contains(one, other) || contains(other, one);

/** A range in CIDR notation; a single address becomes a range of one. */
export const cidrField = (expected: string) =>
  z
    .string(`must be ${expected}`)
    .superRefine((text, context) => {
      if (parseRange(text)) return;
      const range = parseAddress(text);
      const advice = range && `Did you mean "${formatRange(range)}"?`;
      context.addIssue({ code: "custom", message: `must be ${expected}`, params: { advice } });
    })
    .overwrite((text) => {
      const range = parseRange(text);
      return range ? formatRange(range) : text;
    });

/** The shortest prefixes of the ranges that one organization has in the internet. */
const SHORTEST_PUBLIC_PREFIX = { 4: 8, 6: 16 } as const;

/** The origin of a request. A wider range would be an open door with the look of a restriction. */
export const ipRangeField = cidrField(
  'an address, or a range such as "198.51.100.0/24" that begins at its first address',
).superRefine((text, context) => {
  const range = parseRange(text);
  if (!range || range.bits >= SHORTEST_PUBLIC_PREFIX[range.version]) return;
  const advice = "Wider ranges are no restriction. To admit everybody, set everyone in a policy.";
  const message = `must be at most as wide as /${SHORTEST_PUBLIC_PREFIX[range.version]}`;
  context.addIssue({ code: "custom", message, params: { advice } });
});
