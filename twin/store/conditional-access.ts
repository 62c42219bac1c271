/** A Conditional Access policy; users, groups and applications are ids, `All` or `None`. */
export interface ConditionalAccessPolicy {
  id: string;
  displayName: string;
  createdDateTime: string;
  /** Null until it is changed. */
  modifiedDateTime: string | null;
  state: string;
  /** The conditions as sent; the twin accepts all others only when they are empty. */
  conditions: {
    applications: Record<"includeApplications" | "excludeApplications", string[]>;
    users: Record<"includeUsers" | "excludeUsers" | "includeGroups" | "excludeGroups", string[]>;
    clientAppTypes: string[];
  };
  grantControls: { operator: string; builtInControls: string[] };
  sessionControls: unknown;
}
