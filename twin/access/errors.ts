import type { Context } from "hono";
import type { TwinEnv } from "../http/requests";

/** A refusal of Access, which is shown on a page. */
export class AccessError extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 404,
    message: string,
  ) {
    super(message);
  }
}

export { AccessNotServed as NotJudged } from "./policy/not-served";

/**
 * The error when user or groups cannot be read. The text is Cloudflare's:
 * https://developers.cloudflare.com/cloudflare-one/troubleshooting/access
 */
export const fetchFailed = () =>
  new AccessError(400, "Failed to fetch user/group information from the identity provider");

/** The error when no claim has an address; the text is Cloudflare's, from user reports. */
export const missingEmail = () =>
  new AccessError(400, "User email was not returned. API permissions are likely incorrect.");

/** The error when `CF_Session` is missing or another browser's; the text is Cloudflare's, from the same page. */
export const invalidSession = () => new AccessError(400, "Invalid session. Please try logging in again");

export const invalidState = () => new AccessError(400, "Invalid login session.");

/** The application's error for an invalid handoff; the text is Cloudflare's, from user reports. */
export const invalidHandoff = () =>
  new AccessError(400, "Invalid login session. Please try going to the URL of your application again.");

/** The error for a used PIN; the text is Cloudflare's, from the same page. */
export const usedPin = () => new AccessError(400, "This One-Time PIN has already been used");

export const invalidServiceToken = () => new AccessError(401, "The service token is not valid.");

export const forbiddenService = () => new AccessError(403, "No policy admits this service token.");

export const unknownApplication = () => new AccessError(404, "Unable to find your Access application!");

export const unknownIdentityProvider = () => new AccessError(404, "Unable to find your identity provider!");

export function describeUnserved(c: Context<TwinEnv>, detail?: string): string {
  const { hostname, pathname } = new URL(c.req.url);
  return `The twin does not serve ${c.req.method} ${pathname} of ${hostname}${detail ? ` (${detail})` : ""}.`;
}
