import { createHash, randomBytes } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import type { Account } from "../../store/cloudflare/account";
import type { RequestOrigin } from "../../store/cloudflare/places";
import { takeSeat } from "../../store/cloudflare/provisioning";
import { parseMilliseconds } from "../../store/durations";
import type { Store } from "../../store/store";
import type { Identity } from "../sign-in/identity";
import { TeamKeys } from "./keys";

/** The session of a signed-in user, which lasts until all its tokens have expired. */
export interface Session {
  /** `identity_nonce` of the tokens. */
  nonce: string;
  identity: Identity;
  until: Date;
  /** The user's revocations at the start: a later one ends the session. */
  revocations: number;
  /** The origin at admission, by audience of the application. */
  origins: Map<string, RequestOrigin>;
}

/** `org` for the global token of the team domain, `app` for the token of an application. */
type TokenType = "org" | "app";

/**
 * The sessions of Access and their tokens. A token is valid only as long as its session exists.
 *
 * https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/
 */
export class Sessions {
  readonly keys = new TeamKeys();
  private readonly byAccount = new WeakMap<Account, Map<string, Session>>();

  constructor(private readonly store: Store) {}

  /** Starts the session of a user who signed in. */
  start(account: Account, identity: Identity): Session {
    const sessions = this.getSessions(account);
    for (const old of sessions.values()) {
      if (old.until > this.store.now()) break;
      sessions.delete(old.nonce);
    }
    const nonce = randomBytes(12).toString("base64url");
    const now = this.store.now();
    const revocations = takeSeat(account, identity, now.toISOString());
    const session: Session = { nonce, identity, until: now, revocations, origins: new Map() };
    sessions.set(session.nonce, session);
    return session;
  }

  /** Issues the token for the team domain, with its lifetime in seconds. */
  async issueGlobalToken(
    account: Account,
    session: Session,
  ): Promise<{ issueToken: string; seconds: number }> {
    const { session_duration: duration = "24h" } = account.organization.settings;
    const lasts = parseMilliseconds(String(duration));
    const expires = new Date(this.store.now().getTime() + lasts);
    return { issueToken: await this.token(account, session, expires), seconds: Math.floor(lasts / 1000) };
  }

  /** Issues a token. @param aud audience of the application; default: the team domain's */
  async token(account: Account, session: Session, expires: Date, aud?: string): Promise<string> {
    const { privateKey, kid } = await this.keys.get(account);
    const { email, oidc_fields, user_uuid, geo } = session.identity;
    if (session.until < expires) session.until = expires;
    const issued = toSeconds(this.store.now());
    const type: TokenType = aud === undefined ? "org" : "app";
    return new SignJWT({
      email,
      type,
      identity_nonce: session.nonce,
      country: geo.country,
      ...(aud !== undefined && Object.keys(oidc_fields).length > 0 ? { custom: oidc_fields } : {}),
    })
      .setProtectedHeader({ alg: "RS256", kid, typ: "JWT" })
      .setAudience([aud ?? getTeamAudience(account)])
      .setIssuer(getIssuer(account))
      .setSubject(user_uuid)
      .setIssuedAt(issued)
      .setNotBefore(issued)
      .setExpirationTime(toSeconds(expires))
      .sign(privateKey);
  }

  /** Returns the session of a token; undefined when it is not valid. @param aud required audience; default: any */
  async verify(account: Account, token: string | undefined, aud?: string): Promise<Session | undefined> {
    const { publicKey } = await this.keys.get(account);
    const verified = await jwtVerify(token ?? "", publicKey, {
      algorithms: ["RS256"],
      issuer: getIssuer(account),
      currentDate: this.store.now(),
      ...(aud === undefined ? {} : { audience: aud }),
    }).catch(() => undefined);
    return this.get(account, verified && String(verified.payload.identity_nonce));
  }

  get(account: Account, nonce: string | undefined): Session | undefined {
    const session = this.getSessions(account).get(nonce ?? "");
    if (!session) return undefined;
    const { revocations } = account.users.get(session.identity.user_uuid) ?? {};
    return revocations === session.revocations ? session : undefined;
  }

  /** Ends all sessions of a user, which invalidates their tokens. */
  end(account: Account, { user_uuid }: Identity): void {
    const sessions = this.getSessions(account);
    for (const { identity, nonce } of [...sessions.values()]) {
      if (identity.user_uuid === user_uuid) sessions.delete(nonce);
    }
  }

  private getSessions(account: Account): Map<string, Session> {
    const sessions = this.byAccount.get(account) ?? new Map<string, Session>();
    this.byAccount.set(account, sessions);
    return sessions;
  }
}

/** Returns the audience of the tokens for the team domain. */
function getTeamAudience(account: Account): string {
  return createHash("sha256").update(`team ${account.id}`).digest("hex");
}

function getIssuer({ organization }: Account): string {
  return `https://${organization.authDomain}`;
}

const toSeconds = (date: Date) => Math.floor(date.getTime() / 1000);
