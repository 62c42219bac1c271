/** Random strings and GUIDs like those of terraform-provider-random 3. */
import { randomBytes, randomInt } from "node:crypto";

const CLASSES = {
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  lower: "abcdefghijklmnopqrstuvwxyz",
  numeric: "0123456789",
  special: "!@#$%&*()-_=+[]{}<>:?",
};

/** Creates a random string of the classes that are allowed, of which there must be one. */
export function createRandomString(
  length: number,
  allowed: { readonly [name in keyof typeof CLASSES]: boolean },
): string {
  const names = Object.keys(CLASSES) as (keyof typeof CLASSES)[];
  const all = names.map((name) => (allowed[name] ? CLASSES[name] : "")).join("");
  return Array.from({ length }, () => all.charAt(randomInt(all.length))).join("");
}

/** Creates a GUID of sixteen random bytes; unlike in RFC 4122's version 4, no bits are fixed. */
export function createRandomGuid(): string {
  return formatGuid(randomBytes(16).toString("hex"));
}

export function formatGuid(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
