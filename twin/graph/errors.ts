import { randomUUID } from "node:crypto";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** A refusal of Microsoft Graph: HTTP status, code and message of its error envelope. */
export class GraphError extends Error {
  constructor(
    readonly status: ContentfulStatusCode,
    readonly code: string,
    message: string,
    readonly details?: readonly { code: string; message: string; target: string }[],
  ) {
    super(message);
  }

  /** @param clientRequestId what the caller sent as `client-request-id`; default: the request's own id */
  body(now: Date, clientRequestId?: string): Record<string, unknown> {
    const requestId = randomUUID();
    return {
      error: {
        code: this.code,
        message: this.message,
        ...(this.details && { details: this.details }),
        innerError: {
          date: now.toISOString().slice(0, 19),
          "request-id": requestId,
          "client-request-id": clientRequestId ?? requestId,
        },
      },
    };
  }
}

export const invalidToken = (why: string) => new GraphError(401, "InvalidAuthenticationToken", why);

export const denied = () =>
  new GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");

export const notFound = (id: string) =>
  new GraphError(
    404,
    "Request_ResourceNotFound",
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );

export const badRequest = (message: string) => new GraphError(400, "Request_BadRequest", message);

/** What the tenant's app management policy forbids. The first is as users report it; the second's details are a guess. */
export const tooLong = (policyId: string) => {
  const message = `Credential lifetime exceeds the max value allowed as per assigned policy '${policyId}'.`;
  const details = [{ code: "InvalidKeyEndDate", message, target: "EndDate" }];
  return new GraphError(400, "CredentialInvalidLifetimeAsPerAppPolicy", message, details);
};
export const typeNotAllowed = (policyId: string) =>
  new GraphError(
    400,
    "CredentialTypeNotAllowedAsPerAppPolicy",
    `Credential type not allowed as per assigned policy '${policyId}'.`,
  );

/** Malformed before the directory sees it: OData syntax, JSON syntax, headers. */
export const malformed = (message: string) => new GraphError(400, "BadRequest", message);

/** A body that refers to an object that is not there, or not there yet: the provider retries on this text. */
export const noReference = (id: string) => badRequest(notFound(id).message);

export const conflict = (message: string) =>
  new GraphError(409, "Request_MultipleObjectsWithSameKeyValue", message);

/** A query option that is well-formed and that the directory does not take. */
export const unsupportedQuery = (message: string) => new GraphError(400, "Request_UnsupportedQuery", message);

/** A `$skiptoken` of another list, or of none. */
export const expiredPage = () =>
  new GraphError(
    400,
    "Directory_ExpiredPageToken",
    "The specified page token value has expired and can no longer be included in your request.",
  );

/** What the twin cannot judge. */
export const notServed = (method: string, path: string, detail?: string) =>
  new GraphError(
    501,
    "NotImplemented",
    `The twin does not serve ${method} ${path}${detail ? `: ${detail}` : ""}.`,
  );
