/**
 * Handles the rejection of a request: resolves to undefined if the object does not exist, and throws any other error.
 *
 * @param error of Microsoft's Graph client, which has `statusCode`, or of Cloudflare's, which has `status`
 */
export function ignoreNotFound(error: { statusCode?: number; status?: number }): undefined {
  if ((error.statusCode ?? error.status) !== 404) throw error;
}

/** Formats an error in the words of the service; Microsoft's and Cloudflare's clients keep the code in different places. */
export function describeCloudError(
  error: Error & { code?: unknown; errors?: { code?: number; message?: string }[] },
): string {
  const [first] = error.errors ?? [];
  if (first) return `Cloudflare ${first.code}: ${first.message}`;
  return typeof error.code === "string" ? `${error.code}: ${error.message}` : error.message;
}
