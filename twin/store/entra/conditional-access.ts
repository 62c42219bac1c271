/** The objects of Conditional Access in a tenant. */

/** A Conditional Access policy, in the form of Graph; users, groups and applications are ids, `All` or `None`. */
export interface ConditionalAccessPolicy {
  id: string;
  displayName: string;
  createdDateTime: string;
  /** Null until it is changed. */
  modifiedDateTime: string | null;
  state: "enabled" | "disabled" | "enabledForReportingButNotEnforced";
  /** The conditions as sent; the twin accepts all others only when they are empty. */
  conditions: {
    applications: Record<
      "includeApplications" | "excludeApplications" | "includeAuthenticationContextClassReferences",
      string[]
    >;
    users: Record<"includeUsers" | "excludeUsers" | "includeGroups" | "excludeGroups", string[]>;
    clientAppTypes: string[];
    /** Ids of named locations, `All` or `AllTrusted`. */
    locations: Record<"includeLocations" | "excludeLocations", string[]> | null;
    signInRiskLevels: string[];
  };
  grantControls: {
    operator: "AND" | "OR";
    builtInControls: string[];
    authenticationStrength: { id: string } | null;
  } | null;
  sessionControls: { signInFrequency: SignInFrequency } | null;
}

/** How often people sign in again. */
export interface SignInFrequency {
  isEnabled: boolean;
  frequencyInterval: "timeBased" | "everyTime";
  authenticationType: "primaryAndSecondaryAuthentication";
  /** Null at every sign-in. */
  type: "hours" | "days" | null;
  value: number | null;
}

/** A named location of Conditional Access: ranges of addresses, or countries. */
export interface NamedLocation {
  id: string;
  displayName: string;
  createdDateTime: string;
  modifiedDateTime: string;
  place:
    | { kind: "ip"; ranges: string[]; isTrusted: boolean }
    | { kind: "country"; countries: string[]; includesUnknown: boolean };
}

/** An entry of the log of sign-ins, in the form of Graph. */
export interface SignInRecord {
  id: string;
  createdDateTime: string;
  userId: string;
  userDisplayName: string;
  userPrincipalName: string;
  appId: string;
  appDisplayName: string;
  ipAddress: string;
  location: { countryOrRegion: string };
  deviceDetail: { isCompliant: boolean; isManaged: boolean; trustType: string };
  riskLevelDuringSignIn: string;
  status: { errorCode: number; failureReason: string };
  conditionalAccessStatus: "success" | "failure" | "notApplied";
  appliedConditionalAccessPolicies: {
    id: string;
    displayName: string;
    enforcedGrantControls: string[];
    enforcedSessionControls: string[];
    result: string;
  }[];
}

/** An authentication context, by which an application asks for more than a sign-in. */
export interface AuthenticationContext {
  /** `c1` to `c99`. */
  id: string;
  displayName: string | null;
  description: string | null;
  /** Published for applications. */
  isAvailable: boolean;
}
