import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Store } from "../store/store";

interface Sealed<T> {
  value: T;
  /** Milliseconds since 1970. */
  until: number;
}

/** Signs values that travel through browsers, so that the twin stores nothing about unfinished sign-ins. */
export class Seal {
  private readonly key = randomBytes(32);

  constructor(private readonly store: Store) {}

  /** Signs a value. @param kind its use; a value of another kind does not open @param seconds its lifetime */
  close(kind: string, value: unknown, seconds: number): string {
    const sealed: Sealed<unknown> = { value, until: this.store.now().getTime() + seconds * 1000 };
    const payload = Buffer.from(JSON.stringify(sealed)).toString("base64url");
    return `${this.digest(kind, payload)}.${payload}`;
  }

  /** Verifies a value; undefined when it is missing, changed, expired, or of another kind or twin. */
  open<T>(kind: string, text: string | undefined): T | undefined {
    const [digest = "", payload = ""] = (text ?? "").split(".");
    const expected = this.digest(kind, payload);
    if (digest.length !== expected.length) return undefined;
    if (!timingSafeEqual(Buffer.from(digest), Buffer.from(expected))) return undefined;
    const { value, until } = JSON.parse(Buffer.from(payload, "base64url").toString()) as Sealed<T>;
    return this.store.now().getTime() < until ? value : undefined;
  }

  /** Computes a keyed hash in hexadecimal digits. */
  digest(kind: string, text: string): string {
    return createHmac("sha256", this.key).update(`${kind} ${text}`).digest("hex");
  }
}
