/** Calls to Cloudflare API v4 with the retries and error messages of the cloudflare plugin. */
import { type HttpWire, sendWithRetries } from "../bridge/http";
import { isRecord, type Properties } from "../bridge/values";

class CloudflareRequestError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const RETRIED = new Set([408, 409, 429]);

export class CloudflareApi {
  constructor(
    private readonly baseUrl: string,
    private readonly token: string,
    private readonly wire: HttpWire,
    private readonly signal: AbortSignal,
  ) {}

  /** Calls the API and returns `result`. Conflicts, throttling and server errors are retried ten times. */
  async call(method: string, path: string, body?: Properties): Promise<Properties> {
    const result = await this.send(method, path, body);
    return isRecord(result) ? result : {};
  }

  /** Lists objects; of a list with pages, until one is empty. */
  async list(path: string, query: Record<string, string>, hasPages: boolean): Promise<Properties[]> {
    const all: Properties[] = [];
    for (let page = 1; ; page++) {
      const params = new URLSearchParams({ ...query, ...(page > 1 && { page: String(page) }) });
      const result = await this.send("GET", params.size > 0 ? `${path}?${params}` : path);
      const items = Array.isArray(result) ? result.filter(isRecord) : [];
      all.push(...items);
      if (!hasPages || items.length === 0) return all;
    }
  }

  private async send(method: string, path: string, body?: Properties): Promise<unknown> {
    const url = `${this.baseUrl}${path}`;
    const { status, reason, text } = await sendWithRetries(
      this.wire,
      {
        method,
        url,
        headers: {
          accept: "application/json",
          authorization: `Bearer ${this.token}`,
          "content-type": "application/json",
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: this.signal,
      },
      {
        limit: 10,
        shouldRetry: (answer) =>
          RETRIED.has(answer.status) || (answer.status >= 500 && answer.status !== 501),
      },
    );
    if (status < 200 || status > 299) {
      throw new CloudflareRequestError(
        status,
        `failed to make http request: ${method} "${url}": ${status} ${reason} ${text}`,
      );
    }
    const envelope: unknown = text ? JSON.parse(text) : {};
    return isRecord(envelope) ? envelope.result : undefined;
  }
}

/** Returns the path of the account or zone that owns a resource. */
export function getScopePath({ accountId, zoneId }: Properties): string {
  if (accountId) return `/accounts/${accountId}`;
  if (zoneId) return `/zones/${zoneId}`;
  throw new Error("failed to make http request: missing required zone_id parameter");
}

/** Picks the properties with the owner of a resource. */
export function pickScope({ accountId, zoneId }: Properties): Properties {
  return { ...(accountId !== undefined && { accountId }), ...(zoneId !== undefined && { zoneId }) };
}

/** Parses an import id. @throws Error with the plugin's message */
export function parseImportId(
  id: string,
  idName: string,
  ownedBy?: "account",
): { scope: Properties; id: string } {
  if (ownedBy === "account") {
    const [accountId, own, ...rest] = id.split("/");
    if (accountId && own && rest.length === 0) return { scope: { accountId }, id: own };
    throw new Error(`invalid ID: expected urlencoded segments "<account_id>/<${idName}>", got "${id}"`);
  }
  const [kind, owner, own, ...rest] = id.split("/");
  if ((kind === "accounts" || kind === "zones") && owner && own && rest.length === 0) {
    return { scope: kind === "accounts" ? { accountId: owner } : { zoneId: owner }, id: own };
  }
  throw new Error(
    `invalid ID: expected urlencoded segments "<{accounts|zones}/{account_id|zone_id}>/<${idName}>", got "${id}"`,
  );
}

/** Runs a call; a 404 becomes undefined. */
export async function orUndefined(call: () => Promise<Properties>): Promise<Properties | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof CloudflareRequestError && error.status === 404) return undefined;
    throw error;
  }
}
