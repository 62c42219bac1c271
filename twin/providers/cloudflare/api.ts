/** Calling the Cloudflare API v4 the way the cloudflare plugin does, with its retries and its errors' wording. */
import { sendWithRetries, type Wire } from "../http";
import { isRecord, type Properties } from "../values";

export class CloudflareError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const RETRIED = new Set([408, 409, 429]);

export class Cloudflare {
  constructor(
    private readonly baseUrl: string,
    private readonly token: string,
    private readonly wire: Wire,
    private readonly signal: AbortSignal,
  ) {}

  /** `result` of the answer's envelope. Conflicts, throttling and server errors are tried again ten times. */
  async call(method: string, path: string, body?: Properties): Promise<Properties> {
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
        again: (answer) => RETRIED.has(answer.status) || (answer.status >= 500 && answer.status !== 501),
      },
    );
    if (status < 200 || status > 299) {
      throw new CloudflareError(
        status,
        `failed to make http request: ${method} "${url}": ${status} ${reason} ${text}`,
      );
    }
    const envelope: unknown = text ? JSON.parse(text) : {};
    return isRecord(envelope) && isRecord(envelope.result) ? envelope.result : {};
  }
}

/** `/accounts/<id>` or `/zones/<id>`: Access lives in either. */
export function scopeOf({ accountId, zoneId }: Properties): string {
  if (accountId) return `/accounts/${accountId}`;
  if (zoneId) return `/zones/${zoneId}`;
  throw new Error("failed to make http request: missing required zone_id parameter");
}

/** Of state or inputs, what says where a thing lives. */
export function scope({ accountId, zoneId }: Properties): Properties {
  return { ...(accountId !== undefined && { accountId }), ...(zoneId !== undefined && { zoneId }) };
}

/** The id that a person types to import, taken apart. @throws Error in the plugin's words */
export function importedId(
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

/** The answer, or `undefined` where it is 404. */
export async function found(call: () => Promise<Properties>): Promise<Properties | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof CloudflareError && error.status === 404) return undefined;
    throw error;
  }
}
