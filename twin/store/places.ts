import type { PlaceSeed } from "../seed/seed";

/** Where a request comes from, as Cloudflare sees it. */
export interface Place {
  ip: string;
  /** Two letters in upper case. */
  country: string;
}

/** What Cloudflare writes where it knows no country. https://developers.cloudflare.com/fundamentals/reference/http-headers/#cf-ipcountry */
const UNKNOWN_COUNTRY = "XX";

/**
 * Where an address of this machine is to be taken to lie; without a place it is itself, in no country.
 *
 * @param address of a connection
 */
export function placeOf(places: ReadonlyMap<string, PlaceSeed>, address: string): Place {
  // So does Node.js write an IPv4 address that came to a listener for both.
  const own = address.replace(/^::ffff:(?=\d+\.)/i, "");
  const { ip = own, country = UNKNOWN_COUNTRY } = places.get(own) ?? {};
  return { ip, country };
}
