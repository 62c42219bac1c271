import { createHash, timingSafeEqual } from "node:crypto";

/** Hashes a secret for storage. Secrets are long and random, or invented, so one round is enough. */
export function hashSecret(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

/** Compares a secret with a stored hash in constant time. */
export function matchesSecretHash(hash: Buffer, secret: string): boolean {
  return timingSafeEqual(hash, hashSecret(secret));
}
