import type { ContentfulStatusCode } from "hono/utils/http-status";

/** A refusal of API v4: HTTP status, and code and message of its envelope. */
export class CloudflareError extends Error {
  /** @param chain what lies behind it, shown as `error_chain` */
  constructor(
    readonly status: ContentfulStatusCode,
    readonly code: number,
    message: string,
    private readonly chain: { code?: number; message: string }[] = [],
  ) {
    super(message);
  }

  body(): Record<string, unknown> {
    const chain = this.chain.length > 0 ? { error_chain: this.chain } : {};
    return {
      success: false,
      errors: [{ code: this.code, message: this.message, ...chain }],
      messages: [],
      result: null,
    };
  }
}

/** The token may not do this, or nobody knows it: Access answers both alike. */
export const authenticationError = () => new CloudflareError(403, 10000, "Authentication error");

/** Nobody knows the token: what the call that verifies tokens answers. */
export const invalidToken = () => new CloudflareError(401, 1000, "Invalid API Token");

/** A body that Access refuses. @param why where and what */
export const invalidRequest = (why: string) =>
  new CloudflareError(400, 12130, `access.api.error.invalid_request: ${why}`);

/**
 * There is no such object. The texts are Cloudflare's; only that of applications was found with its number.
 */
export const unknown = (
  what: "application" | "group" | "identity_provider" | "policy" | "service_token" | "tag",
) => new CloudflareError(404, 11021, `access.api.error.unknown_${what}`);

/** A change that what is there does not allow. @param why in Cloudflare's words where they are known */
export const conflict = (why: string) => new CloudflareError(409, 12132, `access.api.error.conflict: ${why}`);

/** What the twin cannot judge. */
export const notServed = (method: string, path: string, detail?: string) =>
  new CloudflareError(501, 501, `The twin does not serve ${method} ${path}${detail ? `: ${detail}` : ""}.`);
