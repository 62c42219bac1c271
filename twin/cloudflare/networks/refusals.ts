/** Errors of the API for tunnels and routes; only the numbers 1014 and 1015 and their texts are known from Cloudflare. */
import type { ApiConventions } from "../collection";
import { CloudflareError } from "../errors";

export const invalidNetworkRequest = (why: string) => new CloudflareError(400, 1003, why);

export const unknownNetworkObject = (what: string) => new CloudflareError(404, 1003, `${what} not found`);

export const networkConflict = (why: string) => new CloudflareError(409, 1003, why);

export const NETWORK_API: ApiConventions = {
  changeMethod: "PATCH",
  createdStatus: 200,
  deletedStatus: 200,
  isPaginated: true,
};
