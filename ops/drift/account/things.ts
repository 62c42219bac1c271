import type { Clouds } from "../../clients/clouds";
import { type Gap, gapOf, type Unowned } from "../report";

/** As far as it counts for any kind. */
interface Item {
  readonly id?: string;
  readonly name?: string;
  readonly domain?: string;
  readonly type?: string;
  readonly network?: string;
  readonly hostname?: string;
  readonly tunnel_name?: string;
  readonly filters?: readonly string[];
  readonly read_only?: boolean;
}

interface Kind {
  readonly kind: Unowned["kind"];
  /** In the words of a gap. */
  readonly what: string;
  /** What a token needs to list them. */
  readonly right: string;
  list(): AsyncIterable<object>;
  /** Default: `name`. */
  name?(item: Item): string | undefined;
  /** Whether it is there without anybody's doing, or no business of this account's; default: no. */
  isCloudflares?(item: Item): boolean;
}

/**
 * Applications that Cloudflare makes and names itself, each for one of its features: their `name` is read-only (schemas
 * `access_app_launcher_props`, `access_warp_props`, `access_biso_props` of https://github.com/cloudflare/api-schemas).
 * They let nobody in but by policies; those that are reusable are looked at.
 */
const FEATURES: ReadonlySet<string | undefined> = new Set(["app_launcher", "warp", "biso"]);

/** https://developers.cloudflare.com/cloudflare-one/traffic-policies/global-policies/ */
const isGlobal = ({ id }: Item) => id?.startsWith("00000001-") === true;

const ORGANIZATION = "Access: Organizations, Identity Providers, and Groups Read";
const APPLICATIONS = "Access: Apps and Policies Read";
const TUNNELS = "Cloudflare Tunnel Read";

/** Everything of an account that may let people in, or lead them somewhere. */
export async function thingsOf({
  cloudflare,
  accountId,
}: Pick<Clouds, "cloudflare" | "accountId">): Promise<{ things: Unowned[]; gaps: Gap[] }> {
  const things: Unowned[] = [];
  const gaps: Gap[] = [];
  for (const { kind, what, right, list, name, isCloudflares } of kindsOf(cloudflare, accountId)) {
    try {
      for await (const item of list() as AsyncIterable<Item>)
        if (!isCloudflares?.(item))
          things.push({ kind, id: String(item.id), name: String((name ? name(item) : item.name) ?? "") });
    } catch (error) {
      gaps.push(gapOf(what, error, right));
    }
  }
  return { things, gaps };
}

function kindsOf({ zeroTrust }: Clouds["cloudflare"], account_id: string): Kind[] {
  const { access, gateway, identityProviders, networks } = zeroTrust;
  const at = { account_id };
  const through = (to: string | undefined, { tunnel_name }: Item) =>
    `${to}${tunnel_name ? ` through ${tunnel_name}` : ""}`;
  return [
    {
      kind: "identity provider",
      what: "identity providers of the account",
      right: ORGANIZATION,
      list: () => identityProviders.list(at),
    },
    {
      kind: "access group",
      what: "groups of the account",
      right: ORGANIZATION,
      list: () => access.groups.list(at),
    },
    {
      kind: "access policy",
      what: "policies of the account",
      right: APPLICATIONS,
      list: () => access.policies.list(at),
    },
    {
      kind: "access application",
      what: "applications of the account",
      right: APPLICATIONS,
      list: () => access.applications.list(at),
      name: ({ name, domain }) => name ?? domain,
      isCloudflares: ({ type }) => FEATURES.has(type),
    },
    {
      kind: "tunnel route",
      what: "routes of tunnels",
      right: TUNNELS,
      list: () => networks.routes.list({ ...at, is_deleted: false }),
      name: (route) => through(route.network, route),
    },
    {
      kind: "hostname route",
      what: "routes of private host names",
      right: TUNNELS,
      list: () => networks.hostnameRoutes.list({ ...at, is_deleted: false }),
      name: (route) => through(route.hostname, route),
    },
    {
      kind: "network policy",
      what: "network policies of Gateway",
      right: "Zero Trust Read",
      list: () => gateway.rules.list(at),
      // `read_only`: another account's, shared with this one.
      isCloudflares: (rule) => !rule.filters?.includes("l4") || rule.read_only === true || isGlobal(rule),
    },
  ];
}
