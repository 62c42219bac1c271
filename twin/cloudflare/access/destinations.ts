import { z } from "zod";
import type { Destination } from "../../store/account";
import { isObject } from "../body";
import type { Call } from "../call";
import { cidr } from "../cidr";
import { CloudflareError, conflict, invalidRequest, notServed } from "../errors";

/**
 * Host name and path, each part with one wildcard at most, without scheme, port and query.
 * https://developers.cloudflare.com/cloudflare-one/access-controls/policies/app-paths/
 */
export const uri = z
  .string()
  .regex(/^([\w-]*\*?[\w-]*\.)+[\w-]*\*?[\w-]*(\/[^/*?#\s]*\*?[^/*?#\s]*)*$/, "want a host name and a path");

const ports = z
  .string()
  .regex(/^\d{1,5}(-\d{1,5})?$/, "want a port or a range such as 8000-8099")
  .refine((text) => {
    const [first = 0, last = first] = text.split("-").map(Number);
    return 1 <= first && first <= last && last <= 65_535;
  }, "want ports from 1 to 65535, the lower one first");

/** https://developers.cloudflare.com/cloudflare-one/access-controls/applications/non-http/self-hosted-private-app/ */
const privateDestination = z
  .strictObject({
    type: z.literal("private"),
    cidr: cidr.optional(),
    hostname: z
      .string()
      .regex(/^([\w-]+\.)+[\w-]+$/, "want a host name")
      .optional(),
    l4_protocol: z.enum(["tcp", "udp"]).optional(),
    port_range: ports.optional(),
    vnet_id: z.string().optional(),
  })
  .refine((one) => (one.cidr === undefined) !== (one.hostname === undefined), "want a cidr or a hostname");

const publicDestination = z.strictObject({ type: z.literal("public"), uri });

export const destinations = z
  .array(
    z.preprocess(
      (sent) => (isObject(sent) ? { type: "public", ...sent } : sent),
      z.discriminatedUnion("type", [publicDestination, privateDestination]),
    ),
  )
  .min(1);

/** Destinations of which the twin cannot tell what Access makes. @throws CloudflareError 501 */
export function refuseOthers(call: Call, sent: unknown): void {
  const refuse = (what: string) => notServed(call.c.req.method, call.c.req.path, what);
  for (const one of Array.isArray(sent) ? sent : []) {
    if (!isObject(one)) continue;
    const { type = "public", hostname } = one;
    if (type !== "public" && type !== "private") throw refuse(`destination type ${type}`);
    if (String(hostname).includes("*")) throw refuse("wildcards in private host names");
  }
}

interface Wanted {
  domain?: string | undefined;
  destinations?: Destination[] | undefined;
  self_hosted_domains?: string[] | undefined;
}

/** What is protected, which no other application may protect. @param id of the application itself */
export function protectedBy(call: Call, wanted: Wanted, id?: string) {
  const { account } = call;
  const named = wanted.self_hosted_domains ?? (wanted.domain === undefined ? [] : [wanted.domain]);
  const destinations = wanted.destinations ?? named.map((uri) => ({ type: "public" as const, uri }));
  const uris = destinations.flatMap((one) => (one.type === "public" ? [one.uri] : []));
  const [domain = uris[0] ?? ""] = [wanted.domain];
  if (destinations.length === 0) throw invalidRequest("domain: required");
  if (domain !== "" && !uris.includes(domain)) throw invalidRequest("domain not included in destinations");
  for (const other of account.accessApplications.values()) {
    if (other.id === id) continue;
    if (domain !== "" && other.domain === domain)
      throw new CloudflareError(409, 11010, "access.api.error.application_already_exists");
    if (other.uris.some((uri) => uris.includes(uri))) {
      throw conflict("destination belongs to another application");
    }
  }
  refuseUnknowns(call, destinations, id);
  return { domain, uris, destinations };
}

function refuseUnknowns({ account, c }: Call, wanted: Destination[], id?: string): void {
  const owned = [...account.accessApplications.values()].filter((other) => other.id !== id);
  const taken = new Set(
    owned.flatMap((other) => other.destinations.map((one) => JSON.stringify(sorted(one)))),
  );
  for (const one of wanted) {
    if (one.type === "public") continue;
    if (one.vnet_id !== undefined && !account.virtualNetworks.has(one.vnet_id)) {
      throw invalidRequest("destinations: virtual network not found");
    }
    if (taken.has(JSON.stringify(sorted(one)))) {
      throw notServed(c.req.method, c.req.path, "the same private destination in two applications");
    }
  }
}

const sorted = (one: Destination) => Object.entries(one).sort(([a], [b]) => a.localeCompare(b));
