import { createHash, randomBytes } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import type { Account } from "../../store/account";
import { milliseconds } from "../../store/durations";
import type { Place } from "../../store/places";
import type { Store } from "../../store/store";
import type { Identity } from "../sign-in/identity";
import { TeamKeys } from "./keys";

/** Somebody who signed in, until all their tokens have ended. */
export interface Session {
  /** `identity_nonce` of their tokens. */
  nonce: string;
  identity: Identity;
  until: Date;
  /** Where they were when an application let them in, by its audience. */
  places: Map<string, Place>;
}

/** The global session token, for the team domain; an application's has the application's audience. */
type TokenType = "org" | "app";

/**
 * Who is signed in to Access, and the tokens that say so. A token holds while its session is there.
 *
 * https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/
 */
export class Sessions {
  readonly keys = new TeamKeys();
  private readonly held = new WeakMap<Account, Map<string, Session>>();

  constructor(private readonly store: Store) {}

  start(account: Account, identity: Identity): Session {
    const sessions = this.of(account);
    for (const old of sessions.values()) {
      if (old.until > this.store.now()) break;
      sessions.delete(old.nonce);
    }
    const nonce = randomBytes(12).toString("base64url");
    const session: Session = { nonce, identity, until: this.store.now(), places: new Map() };
    sessions.set(session.nonce, session);
    return session;
  }

  /** The token for the team domain, and for how many seconds it spares people another sign-in. */
  async globalToken(account: Account, session: Session): Promise<{ token: string; seconds: number }> {
    const { session_duration: duration = "24h" } = account.organization.settings;
    const lasts = milliseconds(String(duration));
    const expires = new Date(this.store.now().getTime() + lasts);
    return { token: await this.token(account, session, expires), seconds: Math.floor(lasts / 1000) };
  }

  /** @param aud audience of the application; default: that of the account, for its team domain */
  async token(account: Account, session: Session, expires: Date, aud?: string): Promise<string> {
    const { privateKey, kid } = await this.keys.of(account);
    const { email, oidc_fields, user_uuid, geo } = session.identity;
    if (session.until < expires) session.until = expires;
    const issued = seconds(this.store.now());
    const type: TokenType = aud === undefined ? "org" : "app";
    return new SignJWT({
      email,
      type,
      identity_nonce: session.nonce,
      country: geo.country,
      ...(aud !== undefined && Object.keys(oidc_fields).length > 0 ? { custom: oidc_fields } : {}),
    })
      .setProtectedHeader({ alg: "RS256", kid, typ: "JWT" })
      .setAudience([aud ?? audienceOf(account)])
      .setIssuer(issuerOf(account))
      .setSubject(user_uuid)
      .setIssuedAt(issued)
      .setNotBefore(issued)
      .setExpirationTime(seconds(expires))
      .sign(privateKey);
  }

  /** Whose token it is; undefined when it does not hold. @param aud the only audience to take; default: any */
  async verify(account: Account, token: string | undefined, aud?: string): Promise<Session | undefined> {
    const { publicKey } = await this.keys.of(account);
    const verified = await jwtVerify(token ?? "", publicKey, {
      algorithms: ["RS256"],
      issuer: issuerOf(account),
      currentDate: this.store.now(),
      ...(aud === undefined ? {} : { audience: aud }),
    }).catch(() => undefined);
    return this.get(account, verified && String(verified.payload.identity_nonce));
  }

  get(account: Account, nonce: string | undefined): Session | undefined {
    return this.of(account).get(nonce ?? "");
  }

  /** Ends all sessions of a person: their tokens hold no longer. */
  end(account: Account, { user_uuid }: Identity): void {
    const sessions = this.of(account);
    for (const { identity, nonce } of [...sessions.values()]) {
      if (identity.user_uuid === user_uuid) sessions.delete(nonce);
    }
  }

  private of(account: Account): Map<string, Session> {
    const sessions = this.held.get(account) ?? new Map<string, Session>();
    this.held.set(account, sessions);
    return sessions;
  }
}

/** Of the tokens for the team domain. */
export function audienceOf(account: Account): string {
  return createHash("sha256").update(`team ${account.id}`).digest("hex");
}

function issuerOf({ organization }: Account): string {
  return `https://${organization.authDomain}`;
}

const seconds = (date: Date) => Math.floor(date.getTime() / 1000);
