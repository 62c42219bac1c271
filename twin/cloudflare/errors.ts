import type { ContentfulStatusCode } from "hono/utils/http-status";

/** A refusal of API v4: HTTP status, and code and message of its envelope. */
export class CloudflareError extends Error {
  /** @param chain the causes, shown as `error_chain` */
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

/** The error for a token that is unknown or lacks a permission, which Access does not distinguish. */
export const authenticationError = () => new CloudflareError(403, 10000, "Authentication error");

/** The error for an unknown token when verifying tokens. */
export const invalidApiToken = () => new CloudflareError(401, 1000, "Invalid API Token");

/** The error for a body that Access refuses. @param why path and problem */
export const invalidRequest = (why: string) =>
  new CloudflareError(400, 12130, `access.api.error.invalid_request: ${why}`);

/**
 * The error for an unknown object. The texts are Cloudflare's; only that of applications is known with its number.
 */
export const unknownObject = (
  what: "application" | "group" | "identity_provider" | "policy" | "service_token" | "tag" | "user",
) => new CloudflareError(404, 11021, `access.api.error.unknown_${what}`);

/** The error for a change that conflicts with existing objects. @param why in Cloudflare's words if they are known */
export const accessConflict = (why: string) =>
  new CloudflareError(409, 12132, `access.api.error.conflict: ${why}`);

/** The error for a feature that the twin does not serve. */
export const cloudflareNotServed = ({ method, path }: { method: string; path: string }, detail?: string) =>
  new CloudflareError(501, 501, `The twin does not serve ${method} ${path}${detail ? `: ${detail}` : ""}.`);
