import { CloudflareError } from "../cloudflare/errors";
import { buildErrorBody } from "../entra/errors";
import { GraphError } from "../graph/errors";
import type { ApiService } from "../http/requests";
import type { FaultEffect } from "./fault";

type Status = FaultEffect<"error">["status"];

/** The values that error bodies refer to: the call and the twin's time. */
export interface ErrorContext {
  path: string;
  clientRequestId: string | undefined;
  now: Date;
}

/** https://learn.microsoft.com/graph/errors; a gateway's own errors have the code UnknownError and no text. */
const GRAPH: Record<Exclude<Status, 404>, [code: string, message: string]> = {
  429: ["TooManyRequests", "Too many requests. Please try again later."],
  500: ["InternalServerError", "An internal server error occurred."],
  502: ["UnknownError", ""],
  503: ["ServiceUnavailable", "The service is temporarily unavailable."],
  504: ["UnknownError", ""],
};

/** https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const LOGIN: Record<Status, [code: number, error: string, text: string]> = {
  404: [90006, "temporarily_unavailable", "The service is temporarily unavailable."],
  429: [90055, "temporarily_unavailable", "There are too many incoming requests."],
  500: [50000, "server_error", "There was an error issuing a token or an issue with our sign-in service."],
  502: [90006, "temporarily_unavailable", "The service is temporarily unavailable."],
  503: [90033, "temporarily_unavailable", "A transient error has occurred. Please try again."],
  504: [90006, "temporarily_unavailable", "The service is temporarily unavailable."],
};

/** Access names its errors access.api.error.*; their numbers for 5xx are not documented. */
const CLOUDFLARE: Record<Status, [code: number, message: string]> = {
  404: [11021, "access.api.error.unknown_identity_provider"],
  429: [971, "Please wait and consider throttling your request speed"],
  500: [10001, "access.api.error.internal_server_error"],
  502: [10001, "Bad gateway"],
  503: [10001, "Service unavailable"],
  504: [10001, "Gateway timeout"],
};

/** Creates the body of an error in the envelope of each service. */
export const ERROR_BODIES: Record<ApiService, (status: Status, context: ErrorContext) => object> = {
  graph(status, { path, clientRequestId, now }) {
    const object = path.split("/")[3] ?? "";
    const [code, message] =
      status === 404
        ? [
            "Request_ResourceNotFound",
            `Resource '${object}' does not exist or one of its queried reference-property objects are not present.`,
          ]
        : GRAPH[status];
    return new GraphError(status, code, message).body(now, clientRequestId);
  },
  cloudflare: (status) => new CloudflareError(status, ...CLOUDFLARE[status]).body(),
  login: (status, { now }) => buildErrorBody(now, ...LOGIN[status]),
  scim: (status) => ({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
    status: String(status),
    detail: status === 404 ? "Not found" : CLOUDFLARE[status][1],
  }),
  metadata: (status) => ({ error: { code: String(status), message: "The service is unavailable." } }),
};

/** Creates Cloudflare's answer to a client over the rate limit, as known from user reports. */
export const createRateLimitBody = (limit: number) =>
  new CloudflareError(
    429,
    10100,
    `More than ${limit} requests per 300 seconds reached. Please wait and consider throttling your request speed`,
  ).body();
