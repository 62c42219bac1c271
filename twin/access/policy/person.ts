/** Who asks for an application, and from where. */
export interface Person {
  /** Undefined: nobody is signed in. */
  email?: string | undefined;
  /** Object ids of the Entra groups that somebody is in, nested ones too. */
  groups: readonly string[];
  /** The identity provider that somebody signed in with. */
  identityProviderId?: string | undefined;
  /** Address of the request. */
  ip?: string | undefined;
  /** Country of the address, two letters in upper case. */
  country?: string | undefined;
  /** How somebody signed in, as the identity provider says it (RFC 8176). */
  amr?: readonly string[] | undefined;
  /** Authentication contexts that the identity provider found met. */
  acrs?: readonly string[] | undefined;
  /** Id of the service token of the request, found valid. */
  serviceTokenId?: string | undefined;
}
