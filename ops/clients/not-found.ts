/**
 * Handles the rejection of a request: resolves to undefined if the object does not exist, and throws any other error.
 *
 * @param error of Microsoft's Graph client, which has `statusCode`, or of Cloudflare's, which has `status`
 */
export function ignoreNotFound(error: { statusCode?: number; status?: number }): undefined {
  if ((error.statusCode ?? error.status) !== 404) throw error;
}
