import { BlockList, isIP } from "node:net";
import type { PlaceSeed } from "../../seed/seed";

/** The origin of a request, as Cloudflare sees it. */
export interface RequestOrigin {
  ip: string;
  /** Two letters in upper case. */
  country: string;
}

/** The origin of a sign-in, as Entra sees it: the device and the risk go with the place. */
export interface SignInOrigin extends RequestOrigin {
  /** Intune reports the device as compliant. */
  compliantDevice: boolean;
  /** The device is joined to the domain and to Entra. */
  domainJoinedDevice: boolean;
  signInRisk: NonNullable<PlaceSeed["signInRisk"]>;
}

/** Cloudflare's code for an unknown country. https://developers.cloudflare.com/fundamentals/reference/http-headers/#cf-ipcountry */
const UNKNOWN_COUNTRY = "XX";

/**
 * Resolves the origin configured for a local address; by default the address itself, in an unknown country.
 *
 * @param address of a connection
 */
export function resolveOrigin(places: ReadonlyMap<string, PlaceSeed>, address: string): RequestOrigin {
  const { ip, country } = resolveSignInOrigin(places, address);
  return { ip, country };
}

/** Resolves the origin of a sign-in likewise; by default the device is unknown, and the sign-in without a risk. */
export function resolveSignInOrigin(places: ReadonlyMap<string, PlaceSeed>, address: string): SignInOrigin {
  // Node.js maps IPv4 addresses like this on a listener for both families.
  const own = address.replace(/^::ffff:(?=\d+\.)/i, "");
  const { ip = own, country = UNKNOWN_COUNTRY, ...device } = places.get(own) ?? {};
  const { compliantDevice = false, domainJoinedDevice = false, signInRisk = "none" } = device;
  return { ip, country, compliantDevice, domainJoinedDevice, signInRisk };
}

/** Tells if an address is in a range, or is the address that stands for one; undefined if either is no address. */
export function isInRange(ip: string, range: string): boolean | undefined {
  const [network = "", bits] = range.split("/");
  const [family, other] = [ip, network].map(
    (text) => ({ 4: "ipv4", 6: "ipv6" })[isIP(text)] as "ipv4" | "ipv6" | undefined,
  );
  if (!family || !other) return undefined;
  if (family !== other) return false;
  const list = new BlockList();
  list.addSubnet(network, bits === undefined ? (family === "ipv4" ? 32 : 128) : Number(bits), family);
  return list.check(ip, family);
}
