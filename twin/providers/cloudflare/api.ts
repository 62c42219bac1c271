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
