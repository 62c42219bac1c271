import { isIP } from "node:net";

/** A range of addresses in CIDR notation. */
export interface Range {
  version: 4 | 6;
  /** The first address as a number. */
  first: bigint;
  /** Length of the prefix. */
  bits: number;
}

/** Parses an address or a range; undefined if it is neither, or a range that does not begin at its first address. */
export function parseRange(text: string): Range | undefined {
  const [address = "", suffix, ...more] = text.split("/");
  const version = isIP(address);
  if ((version !== 4 && version !== 6) || more.length > 0 || address.includes("%")) return undefined;
  if (version === 6 && address.includes(".")) return undefined;
  const width = version === 4 ? 32 : 128;
  if (suffix !== undefined && !/^\d{1,3}$/.test(suffix)) return undefined;
  const bits = suffix === undefined ? width : Number(suffix);
  const first =
    version === 4 ? joinParts(address.split("."), 8n, 10) : joinParts(splitIpv6(address), 16n, 16);
  if (bits > width || first % 2n ** BigInt(width - bits) !== 0n) return undefined;
  return { version, first, bits };
}

export function contains(outer: Range, inner: Range): boolean {
  if (outer.version !== inner.version || outer.bits > inner.bits) return false;
  const rest = BigInt((outer.version === 4 ? 32 : 128) - outer.bits);
  return outer.first >> rest === inner.first >> rest;
}

export const overlap = (one: Range, other: Range) => contains(one, other) || contains(other, one);

function joinParts(parts: string[], width: bigint, radix: 10 | 16): bigint {
  const digits = (part: string) => BigInt(radix === 16 ? `0x${part}` : part);
  return parts.reduce((sum, part) => (sum << width) + digits(part), 0n);
}

/** Splits an IPv6 address into its eight parts. */
function splitIpv6(address: string): string[] {
  const [head = "", tail] = address.split("::");
  const parts = (text: string | undefined) => (text ? text.split(":") : []);
  const [before, after] = [parts(head), parts(tail)];
  return [...before, ...Array(8 - before.length - after.length).fill("0"), ...after];
}
