import { randomBytes } from "node:crypto";
import { invalidSession, invalidState } from "../errors";
import type { Seal } from "../seal";
import type { LoginChecks } from "./relying-party";

/** Time limit of a sign-in in seconds: the lifetime of the cookie `CF_Session`. */
export const LOGIN_LIFETIME = 4 * 3600;

/** The application that a sign-in leads to. */
export interface LoginTarget {
  aud: string;
  hostname: string;
  /** Path and query at the application. */
  redirectUrl: string;
  /** The browser's `CF_AppSession` at the application, as a keyed hash. */
  appSession: string;
}

/** The context of a sign-in, which returns from Entra as the state. */
export interface Login {
  /** Team domain of the account. */
  authDomain: string;
  idpId: string;
  /** Undefined for a test of the identity provider. */
  target?: LoginTarget | undefined;
}

interface LoginState {
  login: Login;
  nonce: string;
  /** The browser's `CF_Session`, as a keyed hash. */
  session: string;
}

/** Starts a sign-in. @param session the browser's `CF_Session` */
export function startLogin(seal: Seal, login: Login, session: string): LoginChecks {
  const nonce = randomBytes(18).toString("base64url");
  const state: LoginState = { login, nonce, session: seal.digest("session", session) };
  return { state: seal.close("state", state, LOGIN_LIFETIME), nonce, verifier: deriveVerifier(seal, nonce) };
}

/** Resumes a sign-in. @throws AccessError when the state is expired, of another twin or of another browser */
export function resumeLogin(
  seal: Seal,
  given: string | undefined,
  session: string | undefined,
): { login: Login; checks: LoginChecks } {
  const state = seal.open<LoginState>("state", given);
  if (!state) throw invalidState();
  if (session === undefined || state.session !== seal.digest("session", session)) throw invalidSession();
  const { login, nonce } = state;
  return { login, checks: { state: given ?? "", nonce, verifier: deriveVerifier(seal, nonce) } };
}

/** Derives the code verifier from the nonce, because it must not travel with the state. */
function deriveVerifier(seal: Seal, nonce: string): string {
  return seal.digest("verifier", nonce);
}
