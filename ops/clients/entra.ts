import {
  Client,
  type Context,
  type Middleware,
  RetryHandler,
  RetryHandlerOptions,
} from "@microsoft/microsoft-graph-client";
import { type Dispatcher, fetch, type RequestInit, type Response } from "undici";
import { createProxyAgent } from "../../proxy-agent";
import { UserError } from "../errors";

/** An application's own sign-in at a tenant (client credentials). */
export interface EntraSignIn extends EntraPlace {
  readonly metadataHost: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface EntraPlace {
  /** Host that says where sign-in and Microsoft Graph are: `"localhost:8443"`. Default: Microsoft's public cloud. */
  readonly metadataHost?: string | undefined;
  /** PEM file of a certificate authority to trust beside those that Node.js trusts. */
  readonly caFile?: string | undefined;
  /** Says by which proxy; default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Same host as the azuread provider's public cloud, same call and version. */
const PUBLIC_CLOUD = "management.azure.com";
const METADATA = "/metadata/endpoints?api-version=2022-09-01";
/** Milliseconds; Microsoft answers within a few seconds or not at all. */
const PATIENCE = 30_000;

/** One cloud of Microsoft's: where people and applications sign in, and where Graph is. */
export class EntraCloud {
  private constructor(
    /** `https://login.microsoftonline.com` */
    readonly login: string,
    /** `https://graph.microsoft.com` */
    readonly graph: string,
    /** Milliseconds that its clock is ahead of this machine's. */
    private readonly ahead: number,
    private readonly dispatcher: Dispatcher,
  ) {}

  /** The time as the cloud has it: this machine's clock may be wrong. */
  now(): Date {
    return new Date(Date.now() + this.ahead);
  }

  /** Throws {@link UserError} when the metadata cannot be had. */
  static async find({
    metadataHost = PUBLIC_CLOUD,
    caFile,
    env = process.env,
  }: EntraPlace): Promise<EntraCloud> {
    const dispatcher = createProxyAgent(env, caFile);
    const response = await request(dispatcher, `https://${metadataHost}${METADATA}`);
    if (!response.ok) throw new UserError(`https://${metadataHost} answered ${response.status}`);
    const metadata = (await response.json()) as {
      authentication: { loginEndpoint: string };
      microsoftGraphResourceId: string;
    };
    const [login, graph] = [metadata.authentication.loginEndpoint, metadata.microsoftGraphResourceId];
    const date = Date.parse(response.headers.get("date") ?? "");
    const ahead = Number.isNaN(date) ? 0 : date - Date.now();
    return new EntraCloud(trimmed(login), trimmed(graph), ahead, dispatcher);
  }

  /** What a token for Graph is asked for. */
  get scope(): string {
    return `${this.graph}/.default`;
  }

  /**
   * Signs an application in: with its client secret, or a token that another issuer gave it (`client_assertion`).
   *
   * @throws UserError with the AADSTS code when it is refused
   */
  async signIn(tenantId: string, proof: Readonly<Record<string, string>>): Promise<string> {
    const response = await request(this.dispatcher, `${this.login}/${tenantId}/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "client_credentials", scope: this.scope, ...proof }),
    });
    const answer = (await response.json()) as { access_token?: string; error_description?: string };
    if (answer.access_token) return answer.access_token;
    throw new UserError(`sign-in refused: ${inBrief(answer.error_description ?? `HTTP ${response.status}`)}`);
  }

  /** Who signs the tokens of a tenant; or why there is no such tenant, in Entra's words. */
  async openIdConfiguration(tenantId: string): Promise<{ issuer?: string; refused?: string }> {
    const address = `${this.login}/${tenantId}/v2.0/.well-known/openid-configuration`;
    const response = await request(this.dispatcher, address);
    const answer = (await response.json().catch(() => ({}))) as {
      issuer?: string;
      error_description?: string;
    };
    if (answer.issuer) return { issuer: answer.issuer };
    if (!answer.error_description) throw new UserError(`${address} answered ${response.status}`);
    return { refused: inBrief(answer.error_description) };
  }

  /** Microsoft's Graph client, for whoever the token was given to; it waits where Graph throttles. */
  client(token: string): Client {
    const retries = new RetryHandler(new RetryHandlerOptions(1));
    retries.setNext(new TrustingHttp(this.dispatcher, token));
    const customHosts = new Set([new URL(this.graph).hostname]);
    return Client.initWithMiddleware({ baseUrl: this.graph, customHosts, middleware: retries });
  }
}

/** Microsoft's Graph client for a tenant, wherever its cloud is. Throws as {@link EntraCloud} does. */
export async function graphClient(signIn: EntraSignIn): Promise<Client> {
  const { tenantId, clientId, clientSecret } = signIn;
  const cloud = await EntraCloud.find(signIn);
  return cloud.client(await cloud.signIn(tenantId, { client_id: clientId, client_secret: clientSecret }));
}

/** Without the ids of the request, which differ every time. */
const inBrief = (description: string) => description.split(/\s*Trace ID:/)[0] ?? "";
const trimmed = (url: string) => url.replace(/\/$/, "");

async function request(dispatcher: Dispatcher, url: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(url, { ...init, dispatcher, signal: AbortSignal.timeout(PATIENCE) });
  } catch (error) {
    const { cause, message } = error as Error & { cause?: Error };
    throw new UserError(`${new URL(url).origin} is out of reach: ${cause?.message ?? message}`);
  }
}

/** The last link of the client's chain: Node's own fetch cannot be told which certificate authority to trust. */
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
