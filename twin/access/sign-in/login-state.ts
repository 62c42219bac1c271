import { randomBytes } from "node:crypto";
import { invalidSession, invalidState } from "../errors";
import type { Seal } from "../seal";
import type { Checks } from "./relying-party";

/** How long a sign-in may take, in seconds: the lifetime of the cookie `CF_Session`. */
export const LOGIN_LIFETIME = 4 * 3600;

/** The application that somebody wants to get to. */
export interface Target {
  aud: string;
  hostname: string;
  /** Path and query there. */
  redirectUrl: string;
  /** Of the browser: its `CF_AppSession` there. */
  appSession: string;
}

/** What a sign-in is for; comes back from Entra as the state. */
export interface Login {
  /** Team domain of the account it is a sign-in to. */
  authDomain: string;
  idpId: string;
  /** Undefined: it only tests the identity provider. */
  target?: Target | undefined;
}

interface State {
  login: Login;
  nonce: string;
  /** Of the browser: its `CF_Session`. */
  session: string;
}

/** @param session the browser's `CF_Session` */
export function startLogin(seal: Seal, login: Login, session: string): Checks {
  const nonce = randomBytes(18).toString("base64url");
  const state: State = { login, nonce, session: seal.digest("session", session) };
  return { state: seal.close("state", state, LOGIN_LIFETIME), nonce, verifier: verifier(seal, nonce) };
}

/** @throws AccessError when the state is not of this twin, too old, or of another browser */
export function resumeLogin(
  seal: Seal,
  given: string | undefined,
  session: string | undefined,
): { login: Login; checks: Checks } {
  const state = seal.open<State>("state", given);
  if (!state) throw invalidState();
  if (session === undefined || state.session !== seal.digest("session", session)) throw invalidSession();
  const { login, nonce } = state;
  return { login, checks: { state: given ?? "", nonce, verifier: verifier(seal, nonce) } };
}

/** The code verifier must not travel with the state, so it is made again. */
function verifier(seal: Seal, nonce: string): string {
  return seal.digest("verifier", nonce);
}
