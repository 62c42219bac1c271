/** Claims of an access token for Microsoft Graph. */
export interface AccessTokenClaims {
  readonly tid?: string;
  /** Object id of the signed-in principal. */
  readonly oid?: string;
  readonly appid?: string;
  readonly upn?: string;
  readonly roles?: readonly string[];
  readonly wids?: readonly string[];
  readonly scp?: string;
}

/** Decodes the claims of an access token for display; the signature is not verified, only Microsoft Graph can do that. */
export function decodeAccessToken(token: string): AccessTokenClaims {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString() || "{}");
}
