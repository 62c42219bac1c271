/**
 * Sign-in and calls to Microsoft Graph like the azuread plugin's: metadata host, client credentials, v1.0 and /beta,
 * `@odata.type` in bodies, and its error messages.
 */
import { type HttpAnswer, type HttpWire, refuseRemote, sendWithRetries } from "../../bridge/http";
import type { Properties } from "../../bridge/values";

export interface GraphSettings {
  tenantId: string;
  clientId: string;
  clientSecret: string;
  /** "localhost:PORT", without scheme. */
  metadataHost: string;
}

export class GraphRequestError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Tells if Graph answered 404. */
export const isNotFound = (error: unknown) => error instanceof GraphRequestError && error.status === 404;

/** A sign-in without a client secret. */
export interface OtherSignIn {
  /** Reads the access token that the Azure CLI has for a scope. */
  readonly readCliToken?: ((scope: string) => Promise<string>) | undefined;
  /** Reads the token of another issuer that Entra exchanges. */
  readonly readOidcToken?: (() => Promise<string>) | undefined;
}

/** Within the lifetime of every token that the CLI prints, which it renews five minutes before its end. */
const CLI_TOKEN_SECONDS = 300;

export type Retry = (status: number, errorText: string) => boolean;

export class GraphApi {
  private constructor(
    readonly settings: GraphSettings,
    private readonly endpoint: string,
    private readonly loginEndpoint: string,
    private readonly audience: string,
    private readonly wire: HttpWire,
    private readonly signal: AbortSignal,
    private readonly other: OtherSignIn,
  ) {}

  private token = "";
  private tokenEnds = 0;
  /** Object id of the caller's service principal, from the token. */
  callerId = "";
  private queue: Promise<unknown> = Promise.resolve();

  /** @param other a sign-in without a client secret */
  static async connect(
    settings: GraphSettings,
    wire: HttpWire,
    signal: AbortSignal,
    other: OtherSignIn = {},
  ): Promise<GraphApi> {
    const host = `https://${settings.metadataHost}`;
    const remote = refuseRemote(
      settings.metadataHost && host,
      "azuread:metadataHost (ARM_METADATA_HOSTNAME)",
    );
    if (remote) throw new Error(`building client: ${remote}`);
    const url = `${host}/metadata/endpoints?api-version=2022-09-01`;
    const metadata = await wire.send({ method: "GET", url, signal });
    if (metadata.status !== 200) {
      throw new Error(
        `building client: unable to obtain metadata from ${url}: received HTTP status ${metadata.status}`,
      );
    }
    const { microsoftGraphResourceId, authentication } = JSON.parse(metadata.text);
    const graph = trimSlashes(microsoftGraphResourceId);
    const login = trimSlashes(authentication.loginEndpoint);
    for (const address of [graph, login]) {
      const elsewhere = refuseRemote(address, `an address in the metadata of ${host}`);
      if (elsewhere) throw new Error(`building client: ${elsewhere}`);
    }
    const client = new GraphApi(settings, graph, login, microsoftGraphResourceId, wire, signal, other);
    await client.signIn();
    return client;
  }

  /** Returns the URL of a directory object for `@odata.bind` and `$ref`. */
  getReferenceUrl(objectId: string, version: "v1.0" | "beta" = "v1.0"): string {
    return `${this.endpoint}/${version}/directoryObjects/${objectId}`;
  }

  async get(path: string, query = ""): Promise<Properties> {
    return JSON.parse((await this.call("GET", path, query)).text);
  }

  /** Lists all entries of a collection, page by page. */
  async list(path: string, query = ""): Promise<Properties[]> {
    const page = await this.get(path, query);
    const entries = page.value as Properties[];
    const next = page["@odata.nextLink"];
    if (typeof next !== "string") return entries;
    const { pathname, search } = new URL(next);
    return [...entries, ...(await this.list(pathname, search.slice(1)))];
  }

  async post(path: string, body: Properties, retry?: Retry): Promise<Properties> {
    const { text } = await this.call("POST", path, "", body, retry);
    return text ? JSON.parse(text) : {};
  }

  async patch(path: string, body: Properties, retry?: Retry): Promise<void> {
    await this.call("PATCH", path, "", body, retry);
  }

  async put(path: string, body: Properties, retry?: Retry): Promise<void> {
    await this.call("PUT", path, "", body, retry);
  }

  async delete(path: string): Promise<void> {
    await this.call("DELETE", path);
  }

  /** Reads an object; undefined if Graph answers 404. */
  async find(path: string): Promise<Properties | undefined> {
    try {
      return await this.get(path);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Runs one call at a time, like the plugin, which locks an application while it changes credentials. */
  runExclusively<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(run, run);
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  /** Waits until a check succeeds five times in a row, like the plugin but without its pauses; at most twenty tries. */
  async waitUntilStable(check: () => Promise<boolean>): Promise<boolean> {
    for (let tries = 0, successes = 0; tries < 20; tries++) {
      successes = (await check()) ? successes + 1 : 0;
      if (successes === 5) return true;
      if (successes === 0) await this.wire.wait(50);
    }
    return false;
  }

  private async signIn(): Promise<void> {
    const scope = `${this.audience}/.default`;
    const { readCliToken } = this.other;
    if (readCliToken) this.keepToken(await readCliToken(scope), CLI_TOKEN_SECONDS);
    else await this.signInAsClient(scope);
  }

  private async signInAsClient(scope: string): Promise<void> {
    const form = new URLSearchParams({
      client_id: this.settings.clientId,
      ...(await this.buildProof()),
      grant_type: "client_credentials",
      scope,
    });
    const answer = await this.wire.send({
      method: "POST",
      url: `${this.loginEndpoint}/${this.settings.tenantId}/oauth2/v2.0/token`,
      headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
      body: form.toString(),
      signal: this.signal,
    });
    if (answer.status !== 200) {
      const detail = `clientCredentialsToken: received HTTP status ${answer.status} with response: ${answer.text}`;
      throw new Error(`building client: unable to obtain access token: ${detail}`);
    }
    const { access_token, expires_in } = JSON.parse(answer.text);
    this.keepToken(access_token, Number(expires_in));
  }

  private async buildProof(): Promise<Record<string, string>> {
    const { clientSecret } = this.settings;
    const { readOidcToken } = this.other;
    if (clientSecret !== "" || !readOidcToken) return { client_secret: clientSecret };
    return {
      client_assertion: await readOidcToken(),
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    };
  }

  private keepToken(token: string, seconds: number): void {
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString() || "{}");
    if (!claims.oid) throw new Error("building client: parsing claims in access token: oid claim is empty");
    this.token = token;
    this.callerId = claims.oid;
    // A minute early, so that no call outlives its token.
    this.tokenEnds = Date.now() + (seconds - 60) * 1000;
  }

  private async call(
    method: string,
    path: string,
    query = "",
    body?: Properties,
    retry?: Retry,
  ): Promise<HttpAnswer> {
    if (Date.now() >= this.tokenEnds) await this.signIn();
    const versioned = /^\/(v1\.0|beta)\//.test(path) ? path : `/v1.0${path}`;
    const answer = await sendWithRetries(
      this.wire,
      {
        method,
        url: `${this.endpoint}${versioned}${query && `?${query}`}`,
        headers: {
          accept: "application/json; charset=utf-8; IEEE754Compatible=false",
          authorization: `Bearer ${this.token}`,
          "content-type": "application/json; charset=utf-8",
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: this.signal,
      },
      {
        limit: 8,
        shouldRetry: ({ status, text }) =>
          status === 429 ||
          (status >= 500 && status !== 501) ||
          (retry?.(status, formatErrorText(text)) ?? false),
      },
    );
    if (answer.status >= 200 && answer.status < 300) return answer;
    const { status, reason, text } = answer;
    throw new GraphRequestError(
      status,
      `unexpected status ${status} (${status} ${reason}) with error: ${formatErrorText(text)}`,
    );
  }
}

/** Builds `$filter=property eq 'value'`. Like the plugin, it does not double quotes: some of its calls do, some do not. */
export function buildFilter(property: string, value: string): string {
  return `$filter=${encodeURIComponent(`${property} eq '${value}'`)}`;
}

/** Doubles quotes for OData. */
export function escapeQuotes(value: string): string {
  return value.replaceAll("'", "''");
}

/** Formats Graph's error object like the plugin ("Code: message"); other bodies stay as they are. */
function formatErrorText(body: string): string {
  try {
    const { code, message } = JSON.parse(body).error;
    return [code, message].filter(Boolean).join(": ");
  } catch {
    return body;
  }
}

const trimSlashes = (url: unknown) => String(url).replace(/\/+$/, "");
