import type { Clouds } from "../../clients/clouds";
import { createUncheckedPart, type UncheckedPart, type UnmanagedObject } from "../report";

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
  readonly kind: UnmanagedObject["kind"];
  /** The permission that a token needs to list them. */
  readonly permission: string;
  list(): AsyncIterable<object>;
  /** Default: the field `name`. */
  getName?(item: Item): string | undefined;
  /** Recognizes objects that Cloudflare creates itself or that belong to another account; default: none. */
  isCloudflaresOwn?(item: Item): boolean;
}

/**
 * Types of applications that Cloudflare creates itself, one per feature: their `name` is read-only (schemas
 * `access_app_launcher_props`, `access_warp_props`, `access_biso_props` of https://github.com/cloudflare/api-schemas).
 * They admit people only by policies, and reusable policies are checked.
 */
const FEATURE_APPLICATIONS: ReadonlySet<string | undefined> = new Set(["app_launcher", "warp", "biso"]);

/** https://developers.cloudflare.com/cloudflare-one/traffic-policies/global-policies/ */
const isGlobal = ({ id }: Item) => id?.startsWith("00000001-") === true;

const ORGANIZATION = "Access: Organizations, Identity Providers, and Groups Read";
const APPLICATIONS = "Access: Apps and Policies Read";
const TUNNELS = "Cloudflare Tunnel Read";

/** Lists all objects of an account that may grant or route access. */
export async function listAccountObjects(
  account: Pick<Clouds, "cloudflare" | "accountId">,
): Promise<{ objects: UnmanagedObject[]; unchecked: UncheckedPart[] }> {
  const objects: UnmanagedObject[] = [];
  const unchecked: UncheckedPart[] = [];
  for (const { kind, permission, list, getName, isCloudflaresOwn } of listKinds(account)) {
    try {
      for await (const item of list() as AsyncIterable<Item>)
        if (!isCloudflaresOwn?.(item))
          objects.push({ kind, id: String(item.id), name: (getName ?? byName)(item) ?? "" });
    } catch (error) {
      unchecked.push(createUncheckedPart(`every ${kind} of the account`, error, permission));
    }
  }
  return { objects, unchecked };
}

const byName = ({ name }: Item) => name;

function listKinds({ cloudflare, accountId }: Pick<Clouds, "cloudflare" | "accountId">): Kind[] {
  const { access, gateway, identityProviders, networks } = cloudflare.zeroTrust;
  const at = { account_id: accountId };
  const formatRoute = (target: string | undefined, { tunnel_name }: Item) =>
    `${target}${tunnel_name ? ` through ${tunnel_name}` : ""}`;
  return [
    { kind: "identity provider", permission: ORGANIZATION, list: () => identityProviders.list(at) },
    { kind: "access group", permission: ORGANIZATION, list: () => access.groups.list(at) },
    { kind: "access policy", permission: APPLICATIONS, list: () => access.policies.list(at) },
    {
      kind: "access application",
      permission: APPLICATIONS,
      list: () => access.applications.list(at),
      getName: ({ name, domain }) => name ?? domain,
      isCloudflaresOwn: ({ type }) => FEATURE_APPLICATIONS.has(type),
    },
    {
      kind: "tunnel route",
      permission: TUNNELS,
      list: () => networks.routes.list({ ...at, is_deleted: false }),
      getName: (route) => formatRoute(route.network, route),
    },
    {
      kind: "hostname route",
      permission: TUNNELS,
      list: () => networks.hostnameRoutes.list({ ...at, is_deleted: false }),
      getName: (route) => formatRoute(route.hostname, route),
    },
    {
      kind: "network policy",
      permission: "Zero Trust Read",
      list: () => gateway.rules.list(at),
      // `read_only` rules are shared by another account.
      isCloudflaresOwn: (rule) => !rule.filters?.includes("l4") || rule.read_only === true || isGlobal(rule),
    },
  ];
}
