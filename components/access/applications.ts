import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { createExistenceHook } from "../hooks/existing-objects";
import { createMoveHook } from "../hooks/host-moves";
import { createReferenceHook } from "../hooks/missing-references";

/** The session cookie that Access sets for an application. */
export interface CookieArgs {
  /** The SameSite attribute: "strict", "lax" or "none"; default: Cloudflare decides. */
  sameSite?: pulumi.Input<"strict" | "lax" | "none"> | undefined;
  /** Hides it from scripts, default true. */
  httpOnly?: pulumi.Input<boolean> | undefined;
  /** Binds it to the browser by a second cookie, default false. Clients that are not browsers cannot use it. */
  binding?: pulumi.Input<boolean> | undefined;
  /** Limits it to the application's path, default false. */
  path?: pulumi.Input<boolean> | undefined;
}

/** The CORS headers of Access for requests from other origins. */
export interface CorsArgs {
  /** Origins, e.g. "https://app.contoso.example", or "all". */
  origins: readonly string[] | "all";
  /** Methods, e.g. "GET", or "all". */
  methods: readonly string[] | "all";
  /** Headers, or "all"; default: none. */
  headers?: readonly string[] | "all" | undefined;
  /** Allows requests to carry cookies, default false; not together with all origins. */
  credentials?: boolean | undefined;
  /** Seconds for which browsers cache the response; default: Cloudflare decides. */
  maxAge?: number | undefined;
}

/** A destination that devices with WARP reach through a tunnel. */
export interface PrivateDestinationArgs {
  /** Addresses in CIDR notation, e.g. "10.20.30.0/24"; either this or `hostname`. */
  cidr?: pulumi.Input<string> | undefined;
  /** A private host name, e.g. "ledger.corp.contoso.example". */
  hostname?: pulumi.Input<string> | undefined;
  /** A port or a range of them, e.g. "443" or "8000-8099"; default: all. */
  ports?: pulumi.Input<string> | undefined;
  /** The protocol; default: both. */
  protocol?: pulumi.Input<"tcp" | "udp"> | undefined;
  /** Id of the virtual network of the addresses; default: all virtual networks. */
  virtualNetworkId?: pulumi.Input<string> | undefined;
}

export interface AccessApplicationArgs {
  /** Display name; default: the name in `applications`. */
  displayName?: pulumi.Input<string> | undefined;
  /** Public host names with or without a path, e.g. "git.contoso.example" or "docs.contoso.example/handbook". */
  hostnames: readonly string[];
  /** Private destinations, in addition to the host names or instead of them. */
  destinations?: readonly PrivateDestinationArgs[] | undefined;
  /** Ids of policies in the order of their evaluation. Without any, nobody is admitted. */
  policies: readonly pulumi.Input<string>[];
  /** Ids of the identity providers that people may use; at least one, because Cloudflare takes none for all. */
  identityProviderIds: readonly pulumi.Input<string>[];
  /** Skips the choice of an identity provider; default: true if there is only one. */
  redirect?: boolean | undefined;
  /** Duration of a sign-in unless the policy says otherwise, e.g. "8h"; default "24h". */
  sessionDuration?: pulumi.Input<string> | undefined;
  cookie?: CookieArgs | undefined;
  /** CORS; default: requests from other origins are refused. */
  cors?: CorsArgs | undefined;
  /** Shows a tile in the App Launcher, default true. */
  launcher?: pulumi.Input<boolean> | undefined;
  /** URL of the tile's image. */
  logoUrl?: pulumi.Input<string> | undefined;
  /** Names of existing Access tags. */
  tags?: readonly pulumi.Input<string>[] | undefined;
}

export interface AccessApplicationsArgs {
  /** Cloudflare account id, 32 hexadecimal digits. */
  accountId: pulumi.Input<string>;
  /** The applications by name, which is part of the resource name: changing one does not touch the others. */
  applications: Readonly<Record<string, AccessApplicationArgs>>;
}

/**
 * Self-hosted Access applications, each with its host names, policies and identity providers.
 *
 * @example
 * new AccessApplications("access", {
 *   accountId: "023e105f4ecef8ad9ca31a8372d0c353",
 *   applications: {
 *     wiki: { hostnames: ["wiki.contoso.example"], policies: [policies.ids.employees], identityProviderIds: [id] },
 *   },
 * });
 */
export class AccessApplications extends pulumi.ComponentResource {
  /** Audience tags (the `aud` of Access tokens), by name. */
  readonly audiences: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: AccessApplicationsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entra-access:index:AccessApplications", name, {}, opts);
    const { accountId, applications } = args;
    const hostnames = Object.entries(applications).map(([key, application]) => [
      `${name}-application-${key}`,
      application.hostnames,
    ]);
    const moveHook = createMoveHook(`${name}-host-moves`, Object.fromEntries(hostnames));
    const existenceHook = createExistenceHook(`${name}-applications-do-not-exist`);
    const referenceHook = createReferenceHook(`${name}-application-references`);
    const hooks = { beforeCreate: [existenceHook, referenceHook], beforeUpdate: [moveHook, referenceHook] };
    const audiences = Object.entries(applications).map(
      ([key, application]): [string, pulumi.Output<string>] => {
        const { aud } = new cloudflare.ZeroTrustAccessApplication(
          `${name}-application-${key}`,
          { accountId, name: application.displayName ?? key, ...buildApplicationSettings(key, application) },
          { parent: this, hooks },
        );
        return [key, aud];
      },
    );
    this.audiences = Object.fromEntries(audiences);
    this.registerOutputs({ audiences: this.audiences });
  }
}

function buildApplicationSettings(key: string, application: AccessApplicationArgs) {
  const { hostnames, destinations = [], identityProviderIds, cookie = {}, cors, logoUrl, tags } = application;
  const [domain] = hostnames;
  if (hostnames.length + destinations.length === 0) {
    throw new pulumi.RunError(`Access application "${key}" must have a host name or a private destination`);
  }
  if (identityProviderIds.length === 0) {
    throw new pulumi.RunError(
      `Access application "${key}" must name an identity provider: without one, Cloudflare allows all`,
    );
  }
  return {
    type: "self_hosted",
    ...(domain !== undefined && { domain }),
    destinations: [
      ...hostnames.map((uri) => ({ type: "public", uri })),
      ...destinations.map(buildPrivateDestination),
    ],
    // Set even if empty, so that an application whose last policy is removed loses it in Cloudflare.
    policies: application.policies.map((id, index) => ({ id, precedence: index + 1 })),
    allowedIdps: [...identityProviderIds],
    autoRedirectToIdentity: application.redirect ?? identityProviderIds.length === 1,
    sessionDuration: application.sessionDuration ?? "24h",
    appLauncherVisible: application.launcher ?? true,
    httpOnlyCookieAttribute: cookie.httpOnly ?? true,
    enableBindingCookie: cookie.binding ?? false,
    pathCookieAttribute: cookie.path ?? false,
    ...(cookie.sameSite !== undefined && { sameSiteCookieAttribute: cookie.sameSite }),
    ...(cors && { corsHeaders: buildCorsHeaders(cors) }),
    ...(logoUrl !== undefined && { logoUrl }),
    ...(tags !== undefined && { tags: [...tags] }),
  };
}

function buildPrivateDestination({
  cidr,
  hostname,
  ports,
  protocol,
  virtualNetworkId,
}: PrivateDestinationArgs) {
  return {
    type: "private",
    ...(cidr !== undefined && { cidr }),
    ...(hostname !== undefined && { hostname }),
    ...(ports !== undefined && { portRange: ports }),
    ...(protocol !== undefined && { l4Protocol: protocol }),
    ...(virtualNetworkId !== undefined && { vnetId: virtualNetworkId }),
  };
}

function buildCorsHeaders({ origins, methods, headers, credentials, maxAge }: CorsArgs) {
  return {
    ...(origins === "all" ? { allowAllOrigins: true } : { allowedOrigins: [...origins] }),
    ...(methods === "all" ? { allowAllMethods: true } : { allowedMethods: [...methods] }),
    ...(headers === "all" ? { allowAllHeaders: true } : {}),
    ...(Array.isArray(headers) && { allowedHeaders: [...headers] }),
    ...(credentials && { allowCredentials: true }),
    ...(maxAge !== undefined && { maxAge }),
  };
}
