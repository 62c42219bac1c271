export interface AccessTokenClaims {
  readonly tid?: string;
  /** Object id of who signed in. */
  readonly oid?: string;
  readonly appid?: string;
  readonly upn?: string;
  readonly roles?: readonly string[];
  readonly wids?: readonly string[];
  readonly scp?: string;
}

/** What a token of Microsoft's says: for a look only, its signature is Graph's to check. */
export function decodeAccessToken(token: string): AccessTokenClaims {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString() || "{}");
}
