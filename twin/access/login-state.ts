import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Store } from "../store";
import { invalidSession, invalidState } from "./errors";
import type { Checks } from "./relying-party";

/** How long a sign-in may take in milliseconds: that of the cookie `CF_Session`. */
const LIFETIME = 4 * 3600 * 1000;

/** What a sign-in is for; comes back from Entra as the state. */
export interface Login {
  /** Of the account it is a sign-in to. */
  authDomain: string;
  idpId: string;
  /** Whether it only tests the identity provider. */
  isIDPTest: boolean;
}

interface Sealed extends Login {
  nonce: string;
  /** Of the browser: see {@link LoginStates.session}. */
  session: string;
  /** Milliseconds since 1970. */
  iat: number;
}

/**
 * The states of sign-ins that are under way. Nothing is kept of them: a state carries what it is about, sealed, and
 * holds for the browser alone that has its `CF_Session`.
 */
export class LoginStates {
  private readonly key = randomBytes(32);

  constructor(private readonly store: Store) {}

  /** A new value of the cookie `CF_Session`. */
  session(): string {
    return randomBytes(18).toString("base64url");
  }

  start(login: Login, session: string): Checks {
    const nonce = randomBytes(18).toString("base64url");
    const sealed: Sealed = {
      ...login,
      nonce,
      session: this.mac(session),
      iat: this.store.now().getTime(),
    };
    const payload = Buffer.from(JSON.stringify(sealed)).toString("base64url");
    return { state: `${this.mac(payload)}.${payload}`, nonce, verifier: this.verifier(nonce) };
  }

  /** @throws AccessError when the state is not of this twin, too old, or of another browser */
  resume(state: string | undefined, session: string | undefined): { login: Login; checks: Checks } {
    const [mac = "", payload = ""] = (state ?? "").split(".");
    const expected = this.mac(payload);
    if (mac.length !== expected.length || !timingSafeEqual(Buffer.from(mac), Buffer.from(expected))) {
      throw invalidState();
    }
    const sealed = JSON.parse(Buffer.from(payload, "base64url").toString()) as Sealed;
    if (sealed.iat + LIFETIME <= this.store.now().getTime()) throw invalidState();
    if (session === undefined || sealed.session !== this.mac(session)) throw invalidSession();
    const { nonce, authDomain, idpId, isIDPTest } = sealed;
    return {
      login: { authDomain, idpId, isIDPTest },
      checks: { state: state ?? "", nonce, verifier: this.verifier(nonce) },
    };
  }

  /** The code verifier must not travel with the state, so it is made again. */
  private verifier(nonce: string): string {
    return createHmac("sha256", this.key).update(`verifier ${nonce}`).digest("base64url");
  }

  private mac(text: string): string {
    return createHmac("sha256", this.key).update(`sealed ${text}`).digest("hex");
  }
}
