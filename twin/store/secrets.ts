import { createHash, timingSafeEqual } from "node:crypto";

/** One-way form in which secrets are kept. They are random and long, or invented, so one round is enough. */
export function secretHash(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

/** Whether `secret` is the one whose hash is kept; constant time. */
export function secretMatches(hash: Buffer, secret: string): boolean {
  return timingSafeEqual(hash, secretHash(secret));
}
