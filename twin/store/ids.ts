import { createHash } from "node:crypto";

/** Derives the id of a seeded object, so that the state of a stack stays valid with a new twin. */
export function deriveId(...parts: string[]): string {
  const hex = createHash("sha256").update(parts.join("/")).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * Derives Entra's id of a permission grant: the object ids of client, resource and, for the consent of a single user,
 * that user, in Microsoft's byte order as base64url.
 */
export function deriveGrantId(...ids: string[]): string {
  return Buffer.concat(ids.map(guidBytes)).toString("base64url");
}

function guidBytes(guid: string): Buffer {
  const bytes = Buffer.from(guid.replaceAll("-", ""), "hex");
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}
