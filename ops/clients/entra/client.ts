import {
  Client,
  type Context,
  type Middleware,
  RetryHandler,
  RetryHandlerOptions,
} from "@microsoft/microsoft-graph-client";
import { type Dispatcher, fetch, type RequestInit, type Response } from "undici";
import { createProxyAgent } from "../../../clouds/proxy-agent";
import { UserError } from "../../errors";

/** The client credentials of an application in a tenant. */
export interface EntraCredentials extends EntraLocation {
  readonly metadataHost: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface EntraLocation {
  /** Host with the addresses of sign-in and Microsoft Graph: `"localhost:8443"`. Default: the public cloud. */
  readonly metadataHost?: string | undefined;
  /** Microsoft Graph, if it is not that of the metadata. */
  readonly graph?: string | undefined;
  /** PEM file of an additional certificate authority to trust. */
  readonly caFile?: string | undefined;
  /** Has the proxy; default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
}

/** The host, path and version that the azuread provider uses. */
const PUBLIC_CLOUD = "management.azure.com";
const METADATA = "/metadata/endpoints?api-version=2022-09-01";
/** Microsoft responds within a few seconds or not at all. */
const TIMEOUT_MS = 30_000;

/** A Microsoft cloud: its sign-in and its Microsoft Graph. */
export class EntraCloud {
  private constructor(
    /** `https://login.microsoftonline.com` */
    readonly login: string,
    /** `https://graph.microsoft.com` */
    readonly graph: string,
    /** Milliseconds that the cloud's clock is ahead of this machine's. */
    private readonly clockOffset: number,
    private readonly dispatcher: Dispatcher,
  ) {}

  /** Returns the cloud's time, because this machine's clock may be wrong. */
  now(): Date {
    return new Date(Date.now() + this.clockOffset);
  }

  /** @throws UserError where the metadata cannot be read */
  static async find({
    metadataHost = PUBLIC_CLOUD,
    graph: otherGraph,
    caFile,
    env = process.env,
  }: EntraLocation): Promise<EntraCloud> {
    const dispatcher = createProxyAgent(env, caFile);
    const response = await request(dispatcher, `https://${metadataHost}${METADATA}`);
    if (!response.ok) throw new UserError(`https://${metadataHost} responded with ${response.status}`);
    const metadata = (await response.json()) as {
      authentication: { loginEndpoint: string };
      microsoftGraphResourceId: string;
    };
    const login = metadata.authentication.loginEndpoint;
    const graph = otherGraph ?? metadata.microsoftGraphResourceId;
    const date = Date.parse(response.headers.get("date") ?? "");
    const clockOffset = Number.isNaN(date) ? 0 : date - Date.now();
    return new EntraCloud(trimSlash(login), trimSlash(graph), clockOffset, dispatcher);
  }

  get scope(): string {
    return `${this.graph}/.default`;
  }

  /**
   * Signs in an application with its client secret or with another issuer's token (`client_assertion`).
   *
   * @throws UserError with the AADSTS code where Entra refuses the sign-in
   */
  async signIn(tenantId: string, proof: Readonly<Record<string, string>>): Promise<string> {
    const response = await request(this.dispatcher, `${this.login}/${tenantId}/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "client_credentials", scope: this.scope, ...proof }),
    });
    const body = (await response.json()) as { access_token?: string; error_description?: string };
    if (body.access_token) return body.access_token;
    throw new UserError(
      `sign-in refused: ${removeRequestIds(body.error_description ?? `HTTP ${response.status}`)}`,
    );
  }

  /** Reads the issuer of a tenant's tokens, or Entra's message where the tenant does not exist. */
  async readOpenIdConfiguration(tenantId: string): Promise<{ issuer?: string; refused?: string }> {
    const address = `${this.login}/${tenantId}/v2.0/.well-known/openid-configuration`;
    const response = await request(this.dispatcher, address);
    const body = (await response.json().catch(() => ({}))) as {
      issuer?: string;
      error_description?: string;
    };
    if (body.issuer) return { issuer: body.issuer };
    if (!body.error_description) throw new UserError(`${address} responded with ${response.status}`);
    return { refused: removeRequestIds(body.error_description) };
  }

  /** Creates Microsoft's Graph client, which waits while Graph throttles. */
  createClient(token: string): Client {
    const retries = new RetryHandler(new RetryHandlerOptions(1));
    retries.setNext(new TrustingHttp(this.dispatcher, token));
    const customHosts = new Set([new URL(this.graph).hostname]);
    return Client.initWithMiddleware({ baseUrl: this.graph, customHosts, middleware: retries });
  }
}

/** Signs in to a tenant and creates Microsoft's Graph client. Throws as {@link EntraCloud} does. */
export async function createGraphClient(signIn: EntraCredentials): Promise<Client> {
  const { tenantId, clientId, clientSecret } = signIn;
  const cloud = await EntraCloud.find(signIn);
  return cloud.createClient(
    await cloud.signIn(tenantId, { client_id: clientId, client_secret: clientSecret }),
  );
}

/** Removes the ids of the request, which differ every time. */
const removeRequestIds = (description: string) => description.split(/\s*Trace ID:/)[0] ?? "";
const trimSlash = (url: string) => url.replace(/\/$/, "");

async function request(dispatcher: Dispatcher, url: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(url, { ...init, dispatcher, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    const { cause, message } = error as Error & { cause?: Error };
    throw new UserError(`${new URL(url).origin} is out of reach: ${cause?.message ?? message}`);
  }
}

/** The last middleware of the client; Node's own fetch has no option for a certificate authority. */
class TrustingHttp implements Middleware {
  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly token: string,
  ) {}

  async execute(context: Context): Promise<void> {
    const url = typeof context.request === "string" ? context.request : context.request.url;
    const { method, body, headers } = context.options ?? {};
    context.response = (await request(this.dispatcher, url, {
      method: method ?? "GET",
      body: (body ?? null) as string | null,
      headers: { ...(headers as Record<string, string>), authorization: `Bearer ${this.token}` },
    })) as unknown as NonNullable<Context["response"]>;
  }
}
