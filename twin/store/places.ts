import type { PlaceSeed } from "../seed/seed";

/** The origin of a request, as Cloudflare sees it. */
export interface RequestOrigin {
  ip: string;
  /** Two letters in upper case. */
  country: string;
}

/** Cloudflare's code for an unknown country. https://developers.cloudflare.com/fundamentals/reference/http-headers/#cf-ipcountry */
const UNKNOWN_COUNTRY = "XX";

/**
 * Resolves the origin configured for a local address; by default the address itself, in an unknown country.
 *
 * @param address of a connection
 */
export function resolveOrigin(places: ReadonlyMap<string, PlaceSeed>, address: string): RequestOrigin {
  // Node.js maps IPv4 addresses like this on a listener for both families.
  const own = address.replace(/^::ffff:(?=\d+\.)/i, "");
  const { ip = own, country = UNKNOWN_COUNTRY } = places.get(own) ?? {};
  return { ip, country };
}
