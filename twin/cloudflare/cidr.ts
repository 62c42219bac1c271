import { isIP } from "node:net";
import { z } from "zod";

const BITS = { 0: 0, 4: 32, 6: 128 } as const;

/** Whether it is an address or a range in CIDR notation. */
export function isRange(text: string): boolean {
  const [address = "", bits, ...more] = text.split("/");
  const version = isIP(address) as keyof typeof BITS;
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= BITS[version]);
}

/** An address or a range, as the API shows it: it makes a range of an address. */
export const cidr = z
  .string()
  .refine(isRange, "want an address or a range such as 10.0.0.0/8")
  .transform((text) => (text.includes("/") ? text : `${text}/${isIP(text) === 4 ? 32 : 128}`));
