import { createHash } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../clock";
import { type Fault, faultSchema } from "../faults/fault";
import type { Faults } from "../faults/faults";
import { InvalidInput, parseInput } from "../input";
import { getContents, type StoreContents } from "../store/contents";
import type { Store } from "../store/store";

const snapshotSchema = z.strictObject({
  version: z.literal(1),
  /** Milliseconds that the twin's clock was ahead of the system's. */
  clockOffset: z.number().min(-1e13).max(1e13),
  secretDelaySeconds: z.number().nonnegative(),
  principalDelaySeconds: z.number().nonnegative().default(0),
  tokenReplicas: z.int().positive().default(1),
  faults: z.array(faultSchema),
  /** Tenants, accounts and everything else in the store; maps, bytes and dates are encoded (see `encode`). */
  contents: z.record(z.string(), z.unknown()),
  /** SHA-256 of the contents, by which a truncated or edited file is noticed. */
  digest: z.string(),
});

/**
 * The state of a twin as plain JSON: contents of the clouds, clock and faults. Secrets are in it as the twin stores
 * them: client secrets and tokens as hashes, Cloudflare's copies of client secrets in clear text.
 */
export interface Snapshot {
  version: 1;
  clockOffset: number;
  secretDelaySeconds: number;
  principalDelaySeconds: number;
  tokenReplicas: number;
  faults: Fault[];
  contents: Record<string, unknown>;
  digest: string;
}

interface TwinParts {
  store: Store;
  clock: Clock;
  faults: Faults;
}

export function takeSnapshot({ store, clock, faults }: TwinParts): Snapshot {
  const contents = encode(getContents(store)) as Snapshot["contents"];
  return {
    version: 1,
    clockOffset: clock.offset,
    secretDelaySeconds: store.secretDelaySeconds,
    principalDelaySeconds: store.principalDelaySeconds,
    tokenReplicas: store.tokenReplicas,
    faults: faults.list.map(({ fault }) => fault),
    contents,
    digest: computeDigest(contents),
  };
}

/**
 * Replaces contents, clock and faults. Ids are restored, so existing stacks keep working.
 *
 * @throws InvalidInput, with nothing changed, when the snapshot is not valid, damaged or of another version of the twin
 */
export function restoreSnapshot({ store, clock, faults }: TwinParts, snapshot: unknown): void {
  const parsed = parseInput(snapshotSchema, snapshot, "snapshot") as Snapshot;
  if (computeDigest(parsed.contents) !== parsed.digest) {
    throw new InvalidInput("the snapshot is damaged: its contents do not match its digest");
  }
  const contents = decodeContents(parsed.contents);
  const current = getContents(store);
  if (!hasSameShape(contents, current)) {
    throw new InvalidInput("the snapshot was taken by another version of the twin");
  }
  faults.clear();
  for (const fault of parsed.faults) faults.add(fault);
  clock.offset = parsed.clockOffset;
  store.secretDelaySeconds = parsed.secretDelaySeconds;
  store.principalDelaySeconds = parsed.principalDelaySeconds;
  store.tokenReplicas = parsed.tokenReplicas;
  for (const [name, held] of Object.entries(current)) {
    held.clear();
    for (const [key, item] of contents[name] ?? []) held.set(key, item);
  }
}

/** @throws InvalidInput */
function decodeContents(contents: Snapshot["contents"]): StoreContents {
  try {
    return decode(contents) as StoreContents;
  } catch {
    throw new InvalidInput("the snapshot is damaged: its contents have an invalid map");
  }
}

/** Tells if both hold the same kinds of objects: tenants with applications, users and so on. */
function hasSameShape(one: StoreContents, other: StoreContents): boolean {
  const kinds = ([held]: unknown[]) =>
    Object.entries(held ?? {}).flatMap(([name, value]) => (value instanceof Map ? [name] : []));
  const names = Object.keys(one);
  return (
    names.sort().join() === Object.keys(other).sort().join() &&
    names.every((name) => {
      const [ones, others] = [one[name], other[name]];
      if (!ones?.size || !others?.size) return ones instanceof Map;
      return kinds([...ones.values()]).join() === kinds([...others.values()]).join();
    })
  );
}

function computeDigest(contents: unknown): string {
  return createHash("sha256").update(JSON.stringify(contents)).digest("hex");
}

/** Values that JSON has no form for are objects with a single member of these names. */
const [MAP, BYTES, DATE] = ["$map", "$bytes", "$date"] as const;

/** @throws TypeError for a value that a snapshot cannot hold, so that nothing is lost silently */
function encode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(encode);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Map) return { [MAP]: [...value].map(encode) };
  if (Buffer.isBuffer(value)) return { [BYTES]: value.toString("base64") };
  if (value instanceof Date) return { [DATE]: value.toISOString() };
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    throw new TypeError(`a snapshot cannot hold a ${value.constructor.name}`);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encode(item)]));
}

const entries = z.array(z.tuple([z.unknown(), z.unknown()]));

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== "object" || value === null) return value;
  if (MAP in value) return new Map(entries.parse(decode(value[MAP])));
  if (BYTES in value) return Buffer.from(String(value[BYTES]), "base64");
  if (DATE in value) return new Date(String(value[DATE]));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decode(item)]));
}
