/** Random strings and GUIDs like those of terraform-provider-random 3. */
import { randomBytes, randomInt } from "node:crypto";

export interface Alphabet {
  length: number;
  upper: boolean;
  lower: boolean;
  numeric: boolean;
  special: boolean;
  minUpper: number;
  minLower: number;
  minNumeric: number;
  minSpecial: number;
  overrideSpecial?: string;
}

/** Creates a random string. @throws Error when no character is allowed */
export function createRandomString(alphabet: Alphabet): string {
  const classes = [
    { allowed: alphabet.upper, least: alphabet.minUpper, from: "ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
    { allowed: alphabet.lower, least: alphabet.minLower, from: "abcdefghijklmnopqrstuvwxyz" },
    { allowed: alphabet.numeric, least: alphabet.minNumeric, from: "0123456789" },
    {
      allowed: alphabet.special,
      least: alphabet.minSpecial,
      from: alphabet.overrideSpecial || "!@#$%&*()-_=+[]{}<>:?",
    },
  ];
  const all = classes.map(({ allowed, from }) => (allowed ? from : "")).join("");
  if (all === "") throw new Error("Random Read Error: the character set specified is empty");
  const demanded = classes.flatMap(({ least, from }) => pickCharacters(from, least));
  return shuffle([...demanded, ...pickCharacters(all, alphabet.length - demanded.length)]).join("");
}

/** Creates a GUID of sixteen random bytes; unlike in RFC 4122's version 4, no bits are fixed. */
export function createRandomGuid(): string {
  return formatGuid(randomBytes(16).toString("hex"));
}

export function formatGuid(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function pickCharacters(from: string, count: number): string[] {
  return Array.from({ length: count }, () => from.charAt(randomInt(from.length)));
}

function shuffle(characters: string[]): string[] {
  const left = [...characters];
  return characters.map(() => left.splice(randomInt(left.length), 1)[0] ?? "");
}
