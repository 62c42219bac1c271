/**
 * Entra's id of a consent: object ids of client, resource and, where one user consented, that user, in Microsoft's
 * byte order as base64url.
 */
export function grantId(...ids: string[]): string {
  return Buffer.concat(ids.map(guidBytes)).toString("base64url");
}

function guidBytes(guid: string): Buffer {
  const bytes = Buffer.from(guid.replaceAll("-", ""), "hex");
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}
