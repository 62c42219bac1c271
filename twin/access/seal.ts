import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Store } from "../store/store";

interface Sealed<T> {
  value: T;
  /** Milliseconds since 1970. */
  until: number;
}

/** Lets values travel through browsers unchanged, so that nothing has to be kept of what may never come back. */
export class Seal {
  private readonly key = randomBytes(32);

  constructor(private readonly store: Store) {}

  /** @param kind what it is for: a value sealed for another use does not open @param seconds how long it holds */
  close(kind: string, value: unknown, seconds: number): string {
    const sealed: Sealed<unknown> = { value, until: this.store.now().getTime() + seconds * 1000 };
    const payload = Buffer.from(JSON.stringify(sealed)).toString("base64url");
    return `${this.digest(kind, payload)}.${payload}`;
  }

  /** Undefined: changed, too old, of another kind or twin, or missing. */
  open<T>(kind: string, text: string | undefined): T | undefined {
    const [digest = "", payload = ""] = (text ?? "").split(".");
    const expected = this.digest(kind, payload);
    if (digest.length !== expected.length) return undefined;
    if (!timingSafeEqual(Buffer.from(digest), Buffer.from(expected))) return undefined;
    const { value, until } = JSON.parse(Buffer.from(payload, "base64url").toString()) as Sealed<T>;
    return this.store.now().getTime() < until ? value : undefined;
  }

  /** What only this twin can tell of a text, in hexadecimal digits. */
  digest(kind: string, text: string): string {
    return createHmac("sha256", this.key).update(`${kind} ${text}`).digest("hex");
  }
}
