/** The user or service that requests an application, with the origin of the request. */
export interface Requester {
  /** Undefined for an anonymous request. */
  email?: string | undefined;
  /** Object ids of the user's Entra groups, nested ones included. */
  groups: readonly string[];
  /** The identity provider of the sign-in. */
  identityProviderId?: string | undefined;
  /** Address of the request. */
  ip?: string | undefined;
  /** Country of the address, two letters in upper case. */
  country?: string | undefined;
  /** Authentication methods, as reported by the identity provider (RFC 8176). */
  amr?: readonly string[] | undefined;
  /** Authentication contexts that the identity provider reported as satisfied. */
  acrs?: readonly string[] | undefined;
  /** Id of the request's valid service token. */
  serviceTokenId?: string | undefined;
}
