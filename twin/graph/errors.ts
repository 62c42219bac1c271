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

  /** @param clientRequestId the caller's `client-request-id`; default: the request's own id */
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

export const invalidAccessToken = (why: string) => new GraphError(401, "InvalidAuthenticationToken", why);

export const accessDenied = () =>
  new GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");

export const notFound = (id: string) =>
  new GraphError(
    404,
    "Request_ResourceNotFound",
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );

/** The error for a missing object of Conditional Access or provisioning. */
export const resourceNotFound = (kind: string) => (id: string) =>
  new GraphError(404, "ResourceNotFound", `${kind} ${id} not found`);

export const badRequest = (message: string) => new GraphError(400, "Request_BadRequest", message);

/** Errors of the tenant's app management policy. The first is known from user reports, the second one is a guess. */
export const lifetimeNotAllowed = (policyId: string) => {
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

/** The error for a malformed request: OData syntax, JSON syntax, headers. */
export const malformedRequest = (message: string) => new GraphError(400, "BadRequest", message);

/** The error for a reference to an object that does not exist (yet); the provider retries on this text. */
export const missingReference = (id: string) => badRequest(notFound(id).message);

export const duplicateObject = (message: string) =>
  new GraphError(409, "Request_MultipleObjectsWithSameKeyValue", message);

/** The error for a well-formed query option that the directory does not support. */
export const unsupportedQuery = (message: string) => new GraphError(400, "Request_UnsupportedQuery", message);

/** The error for a `$skiptoken` of another list, or an invalid one. */
export const expiredPage = () =>
  new GraphError(
    400,
    "Directory_ExpiredPageToken",
    "The specified page token value has expired and can no longer be included in your request.",
  );

/** The error for a feature that the twin does not serve. */
export const graphNotServed = ({ method, path }: { method: string; path: string }, detail?: string) =>
  new GraphError(
    501,
    "NotImplemented",
    `The twin does not serve ${method} ${path}${detail ? `: ${detail}` : ""}.`,
  );
