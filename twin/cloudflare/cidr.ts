import { isIP } from "node:net";
import { z } from "zod";

const BITS = { 0: 0, 4: 32, 6: 128 } as const;

/** Tells if a text is an address or a range in CIDR notation. */
export function isAddressRange(text: string): boolean {
  const [address = "", bits, ...more] = text.split("/");
  const version = isIP(address) as keyof typeof BITS;
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= BITS[version]);
}

/** An address or a range; like the API, it turns an address into a range. */
export const cidrSchema = z
  .string()
  .refine(isAddressRange, "must be an address or a range such as 10.0.0.0/8")
  .transform((text) => (text.includes("/") ? text : `${text}/${isIP(text) === 4 ? 32 : 128}`));
