import type { Formula } from "./formula";

/** A rule in the form of Cloudflare's API: `{ "email": { "email": ... } }`. */
export type AccessRule = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Rules of which one of `include`, all of `require` and none of `exclude` must match. */
export interface RuleSet {
  readonly id: string;
  readonly name: string;
  readonly include: readonly AccessRule[];
  readonly require: readonly AccessRule[];
  readonly exclude: readonly AccessRule[];
}

export interface Policy extends RuleSet {
  /** `allow`, `deny`, `bypass` or `non_identity` (service auth). */
  readonly decision: string;
  /** Conditions that a person must meet after the rules matched: justification, approval. */
  readonly prompts: readonly Formula[];
}

export interface Application {
  readonly id: string;
  readonly name: string;
  /** The first host name; empty where there is none. */
  readonly address: string;
  /** In the order of their precedence. */
  readonly policies: readonly Policy[];
  /** Ids; empty means all of the account. */
  readonly allowedProviders: readonly string[];
}

export interface IdentityProvider {
  readonly id: string;
  readonly name: string;
  /** `azureAD`, `onetimepin`, ... */
  readonly type: string;
  /** Set for an Entra identity provider. */
  readonly tenantId?: string;
  readonly clientId?: string;
  /** The claim that has the address; default: `email`. */
  readonly emailClaim?: string;
  /** Tells if Access reads the Entra groups of people who sign in. */
  readonly loadsGroups: boolean;
}

/** The access rules of one account, as enforced or as declared. */
export interface AccessRules {
  readonly accountId: string;
  readonly applications: readonly Application[];
  /** By id. */
  readonly groups: ReadonlyMap<string, RuleSet>;
  /** By id. */
  readonly providers: ReadonlyMap<string, IdentityProvider>;
}

/** A person in a directory. */
export interface Person {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  /** A guest's is `name_domain#EXT#@tenant`. */
  readonly signInName: string;
  readonly mail: string | null;
  readonly isGuest: boolean;
  readonly isEnabled: boolean;
}

/** An Entra group with its direct members. */
export interface EntraGroup {
  readonly id: string;
  /** Undefined where the group does not exist. */
  readonly name: string | undefined;
  /** Positions in the directory's list of people. */
  readonly people: Int32Array;
  /** Object ids. */
  readonly groups: readonly string[];
}

/** The people of a tenant, and the groups that rules name with the groups inside them. Ids are in lower case. */
export interface Directory {
  readonly tenantId: string;
  readonly people: readonly Person[];
  /** By object id. */
  readonly groups: ReadonlyMap<string, EntraGroup>;
  /** By client id of the application in Entra. */
  readonly assignments: ReadonlyMap<string, Assignment>;
}

/** The people who may sign in to an application in Entra. */
export type Assignment =
  | { readonly required: false }
  | { readonly required: "unknown" }
  | {
      readonly required: true;
      /** Positions in the directory's list of people: those who are assigned themselves. */
      readonly people: readonly number[];
      /** Object ids; only direct members may sign in. */
      readonly groups: readonly string[];
    };
