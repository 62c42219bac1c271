import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";

/** The session cookie that Access sets for an application. */
export interface CookieArgs {
  /** When browsers send it from other sites: "strict", "lax" or "none"; default: Cloudflare decides. */
  sameSite?: pulumi.Input<"strict" | "lax" | "none"> | undefined;
  /** Whether it is kept from scripts, default true. */
  httpOnly?: pulumi.Input<boolean> | undefined;
  /** Whether a second cookie binds it to the browser, default false: not for applications without a browser. */
  binding?: pulumi.Input<boolean> | undefined;
  /** Whether it is for the application's path alone, default false. */
  path?: pulumi.Input<boolean> | undefined;
}

/** What Access answers to a browser that asks from another origin. */
export interface CorsArgs {
  /** Origins, e.g. "https://app.contoso.example", or "all". */
  origins: readonly string[] | "all";
  /** Methods, e.g. "GET", or "all". */
  methods: readonly string[] | "all";
  /** Headers, or "all"; default: none. */
  headers?: readonly string[] | "all" | undefined;
  /** Whether cookies are sent along, default false; not with all origins. */
  credentials?: boolean | undefined;
  /** How long browsers keep the answer, in seconds; default: Cloudflare decides. */
  maxAge?: number | undefined;
}

/** What is reached through a tunnel, by devices with WARP. */
export interface PrivateDestinationArgs {
  /** Addresses in CIDR notation, e.g. "10.20.30.0/24"; or `hostname`. */
  cidr?: pulumi.Input<string> | undefined;
  /** E.g. "ledger.corp.contoso.example". */
  hostname?: pulumi.Input<string> | undefined;
  /** A port or a range of them, e.g. "443" or "8000-8099"; default: all. */
  ports?: pulumi.Input<string> | undefined;
  /** Default: both. */
  protocol?: pulumi.Input<"tcp" | "udp"> | undefined;
  /** Id of the virtual network that the addresses are of; default: all of them. */
  virtualNetworkId?: pulumi.Input<string> | undefined;
}

export interface AccessApplicationArgs {
  /** What people see; default: the name it has in the component. */
  displayName?: pulumi.Input<string> | undefined;
  /** Public hosts, with a path or without, e.g. "git.contoso.example" or "docs.contoso.example/handbook". */
  hostnames: readonly string[];
  /** Private destinations, beside the hosts or in their place. */
  destinations?: readonly PrivateDestinationArgs[] | undefined;
  /** Ids of policies, the first one first. None: nobody gets in. */
  policies: readonly pulumi.Input<string>[];
  /** Ids of the identity providers that people may use; one at least, because none means all of the account. */
  identityProviderIds: readonly pulumi.Input<string>[];
  /** Whether people go straight to the identity provider; default: if there is one. */
  redirect?: boolean | undefined;
  /** How long a sign-in lasts where the policy does not say, e.g. "8h"; default "24h". */
  sessionDuration?: pulumi.Input<string> | undefined;
  cookie?: CookieArgs | undefined;
  /** Default: no answer to other origins. */
  cors?: CorsArgs | undefined;
  /** Whether the App Launcher shows a tile, default true. */
  launcher?: pulumi.Input<boolean> | undefined;
  /** Address of the tile's picture. */
  logoUrl?: pulumi.Input<string> | undefined;
  /** Names of Access tags that the account has. */
  tags?: readonly pulumi.Input<string>[] | undefined;
}

export interface AccessApplicationsArgs {
  /** Cloudflare account id, 32 hexadecimal digits. */
  accountId: pulumi.Input<string>;
  /** The applications by name; the name is part of the resource's, so that others are untouched by it. */
  applications: Readonly<Record<string, AccessApplicationArgs>>;
}

/**
 * Self-hosted Access applications: what is protected, and by which policies.
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
    const made = Object.entries(applications).map(([key, application]): [string, pulumi.Output<string>] => {
      const { aud } = new cloudflare.ZeroTrustAccessApplication(
        `${name}-application-${key}`,
        { accountId, name: application.displayName ?? key, ...settingsOf(key, application) },
        { parent: this },
      );
      return [key, aud];
    });
    this.audiences = Object.fromEntries(made);
    this.registerOutputs({ audiences: this.audiences });
  }
}

function settingsOf(key: string, application: AccessApplicationArgs) {
  const { hostnames, destinations = [], identityProviderIds, cookie = {}, cors, logoUrl, tags } = application;
  const [domain] = hostnames;
  if (hostnames.length + destinations.length === 0) {
    throw new pulumi.RunError(`Access application "${key}" has no hostname and no private destination`);
  }
  if (identityProviderIds.length === 0) {
    throw new pulumi.RunError(
      `Access application "${key}" names no identity provider, which would allow all`,
    );
  }
  return {
    type: "self_hosted",
    ...(domain !== undefined && { domain }),
    destinations: [
      ...hostnames.map((uri) => ({ type: "public", uri })),
      ...destinations.map(privateDestination),
    ],
    // Said even if empty: an application that is left without policies has to lose those that it had.
    policies: application.policies.map((id, index) => ({ id, precedence: index + 1 })),
    allowedIdps: [...identityProviderIds],
    autoRedirectToIdentity: application.redirect ?? identityProviderIds.length === 1,
    sessionDuration: application.sessionDuration ?? "24h",
    appLauncherVisible: application.launcher ?? true,
    httpOnlyCookieAttribute: cookie.httpOnly ?? true,
    enableBindingCookie: cookie.binding ?? false,
    pathCookieAttribute: cookie.path ?? false,
    ...(cookie.sameSite !== undefined && { sameSiteCookieAttribute: cookie.sameSite }),
    ...(cors && { corsHeaders: corsHeaders(cors) }),
    ...(logoUrl !== undefined && { logoUrl }),
    ...(tags !== undefined && { tags: [...tags] }),
  };
}

function privateDestination({ cidr, hostname, ports, protocol, virtualNetworkId }: PrivateDestinationArgs) {
  return {
    type: "private",
    ...(cidr !== undefined && { cidr }),
    ...(hostname !== undefined && { hostname }),
    ...(ports !== undefined && { portRange: ports }),
    ...(protocol !== undefined && { l4Protocol: protocol }),
    ...(virtualNetworkId !== undefined && { vnetId: virtualNetworkId }),
  };
}

function corsHeaders({ origins, methods, headers, credentials, maxAge }: CorsArgs) {
  return {
    ...(origins === "all" ? { allowAllOrigins: true } : { allowedOrigins: [...origins] }),
    ...(methods === "all" ? { allowAllMethods: true } : { allowedMethods: [...methods] }),
    ...(headers === "all" ? { allowAllHeaders: true } : {}),
    ...(Array.isArray(headers) && { allowedHeaders: [...headers] }),
    ...(credentials && { allowCredentials: true }),
    ...(maxAge !== undefined && { maxAge }),
  };
}
