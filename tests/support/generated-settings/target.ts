/** The objects in both clouds that generated settings refer to. */
export interface GeneratedSettingsTarget {
  /** Object ids of the principals that own applications, the deployer among them. */
  readonly owners: readonly string[];
  /** Display names or object ids of Entra groups in the stack's own tenant. */
  readonly entraGroups: readonly string[];
  /** Object ids of people in it. */
  readonly people: readonly string[];
  /** Object ids of Entra groups in it. */
  readonly groupIds: readonly string[];
  /** Another tenant, its groups and the deployer's client there. */
  readonly furtherTenant: {
    readonly tenantId: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly owners: readonly string[];
    readonly entraGroups: readonly string[];
    readonly people: readonly string[];
    readonly groupIds: readonly string[];
  };
  /** Id of an identity provider that the account has. */
  readonly existingIdentityProvider: string;
  readonly serviceTokens: readonly string[];
  readonly tags: readonly string[];
  readonly tunnelId: string;
}
