import { createHash } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../clock";
import { type Fault, faultSchema } from "../faults/fault";
import type { Faults } from "../faults/faults";
import { checked, InvalidInput } from "../input";
import { type Contents, contentsOf } from "../store/contents";
import type { Store } from "../store/store";

const snapshotSchema = z.strictObject({
  /** Of this format. */
  version: z.literal(1),
  /** Milliseconds that the twin's clock was ahead. */
  clockOffset: z.number().min(-1e13).max(1e13),
  secretDelaySeconds: z.number().nonnegative(),
  faults: z.array(faultSchema),
  /** Tenants, accounts and what else the store holds; maps and bytes are marked. */
  contents: z.record(z.string(), z.unknown()),
  /** SHA-256 of the contents, so that a file that was cut or edited is noticed. */
  digest: z.string(),
});

/**
 * The state of a twin as plain JSON: what the clouds hold, clock and faults. Secrets are in it as the twin keeps
 * them: client secrets and tokens as hashes, Cloudflare's copies of client secrets in clear text.
 */
export interface Snapshot {
  version: 1;
  clockOffset: number;
  secretDelaySeconds: number;
  faults: Fault[];
  contents: Record<string, unknown>;
  digest: string;
}

interface Parts {
  store: Store;
  clock: Clock;
  faults: Faults;
}

export function takeSnapshot({ store, clock, faults }: Parts): Snapshot {
  const contents = encoded(contentsOf(store)) as Snapshot["contents"];
  return {
    version: 1,
    clockOffset: clock.offset,
    secretDelaySeconds: store.secretDelaySeconds,
    faults: faults.list.map(({ fault }) => fault),
    contents,
    digest: digestOf(contents),
  };
}

/**
 * Replaces what the clouds hold, clock and faults. Ids are restored, so a stack made before goes on.
 *
 * @throws InvalidInput, with nothing changed, when it is no snapshot, is damaged or is of another version of the twin
 */
export function restoreSnapshot({ store, clock, faults }: Parts, snapshot: unknown): void {
  const wanted = checked(snapshotSchema, snapshot, "snapshot") as Snapshot;
  if (digestOf(wanted.contents) !== wanted.digest) {
    throw new InvalidInput("the snapshot is damaged: its contents do not have its digest");
  }
  const contents = wholly(wanted.contents);
  const current = contentsOf(store);
  if (!sameShape(contents, current)) {
    throw new InvalidInput("the snapshot is of another version of the twin");
  }
  faults.clear();
  for (const fault of wanted.faults) faults.add(fault);
  clock.offset = wanted.clockOffset;
  store.secretDelaySeconds = wanted.secretDelaySeconds;
  for (const [name, held] of Object.entries(current)) {
    held.clear();
    for (const [key, item] of contents[name] ?? []) held.set(key, item);
  }
}

/** @throws InvalidInput */
function wholly(contents: Snapshot["contents"]): Contents {
  try {
    return decoded(contents) as Contents;
  } catch {
    throw new InvalidInput("the snapshot is damaged: a map in its contents is none");
  }
}

/** Whether both hold the same kinds of things: tenants with applications, users and so on. */
function sameShape(one: Contents, other: Contents): boolean {
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

function digestOf(contents: unknown): string {
  return createHash("sha256").update(JSON.stringify(contents)).digest("hex");
}

/** What JSON has no form for is an object with one member of these names. */
const [MAP, BYTES, DATE] = ["$map", "$bytes", "$date"] as const;

/** @throws TypeError for what a snapshot has no form for, so that nothing is lost in silence */
function encoded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(encoded);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Map) return { [MAP]: [...value].map(encoded) };
  if (Buffer.isBuffer(value)) return { [BYTES]: value.toString("base64") };
  if (value instanceof Date) return { [DATE]: value.toISOString() };
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    throw new TypeError(`a snapshot cannot hold a ${value.constructor.name}`);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encoded(item)]));
}

const entries = z.array(z.tuple([z.unknown(), z.unknown()]));

function decoded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decoded);
  if (typeof value !== "object" || value === null) return value;
  if (MAP in value) return new Map(entries.parse(decoded(value[MAP])));
  if (BYTES in value) return Buffer.from(String(value[BYTES]), "base64");
  if (DATE in value) return new Date(String(value[DATE]));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decoded(item)]));
}
