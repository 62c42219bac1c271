import * as fc from "fast-check";
import { contoso, fabrikam, type GroupSeed, type Seed, type UserSeed } from "../../../twin/index";

/** A rule in which an index stands for an object that gets its id when it is created. */
export type RuleDraft =
  | { type: "everyone" }
  | { type: "azureAD"; provider: number; tenant: number; group: number }
  | { type: "email"; address: string }
  | { type: "email_domain"; domain: string }
  | { type: "login_method"; provider: number }
  | { type: "auth_method" }
  | { type: "geo"; country: string }
  | { type: "ip"; ip: string }
  | { type: "service_token" }
  | { type: "group"; group: number };

export type RulesDraft = Record<"include" | "require" | "exclude", RuleDraft[]>;
export interface PolicyDraft extends RulesDraft {
  decision: "allow" | "deny" | "bypass" | "non_identity";
}

/** Directories of two tenants, as the twin's seed takes them. */
export interface DirectoryDraft {
  tenants: { users: UserSeed[]; groups: GroupSeed[] }[];
  /** Assigned people and groups of the application that requires assignment. */
  assigned: number[];
  /** Whether the application with the claim `upn` gets it from Entra. */
  sendsUpn: boolean;
}

export interface RuleSetDraft {
  /** A group refers only to earlier ones. */
  groups: RulesDraft[];
  applications: { providers: number[]; policies: PolicyDraft[] }[];
}

/** Contoso with assignment, Contoso with the claim `upn`, Contoso without groups, Fabrikam, one-time PIN. */
export const PROVIDERS = [0, 1, 2, 3, 4] as const;
export const PIN = 4;
const TENANT_OF_PROVIDER = [0, 0, 0, 1];

/** People of each tenant. */
export const PEOPLE = 6;
const GROUPS = 6;
export const COUNTRIES = ["DE", "FR"];
export const ADDRESSES = ["198.51.100.7", "203.0.113.9"];
export const RANGE = "198.51.100.0/24";

export const createId = (kind: number, tenant: number, index: number) =>
  `${kind}0000000-000${tenant}-4000-8000-${String(index).padStart(12, "0")}`;

const domains = [contoso.domain, fabrikam.domain];
const mails = ["board@contoso.example", "ceo@contoso.example", "x@partner.example"];

const userDraft = (tenant: number, index: number) =>
  fc
    .record({
      mail: fc.option(fc.constantFrom(...mails, `m${index}@${domains[tenant]}`), { nil: undefined }),
      isGuest: fc.integer({ max: 4 }).map((n) => n === 0),
      accountEnabled: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
    })
    .map(({ mail, isGuest, accountEnabled }): UserSeed => {
      const signInName = isGuest
        ? `g${index}_home.example#EXT#@${domains[tenant]}`
        : `U${index}@${domains[tenant]}`;
      return {
        id: createId(1, tenant, index),
        userPrincipalName: signInName,
        displayName: `Person ${index}`,
        ...(mail !== undefined && { mail }),
        ...(isGuest && { userType: "Guest" as const }),
        accountEnabled,
      };
    });

/** Members are people and groups of the tenant; groups may contain each other and themselves. */
const groupDraft = (tenant: number, index: number) =>
  fc
    .record({
      people: fc.uniqueArray(fc.nat(PEOPLE - 1), { maxLength: 4 }),
      groups: fc.uniqueArray(fc.nat(GROUPS - 1), { maxLength: 2 }),
    })
    .map(
      ({ people, groups }): GroupSeed => ({
        id: createId(2, tenant, index),
        displayName: `Group ${index}`,
        members: [
          ...people.map((person) => createId(1, tenant, person)),
          ...groups.filter((other) => other !== index).map((other) => createId(2, tenant, other)),
        ],
      }),
    );

const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const tenantDraft = (tenant: number) =>
  fc.record({
    users: fc.tuple(...range(PEOPLE).map((index) => userDraft(tenant, index))),
    groups: fc.tuple(...range(GROUPS).map((index) => groupDraft(tenant, index))),
  });

export const directoryDraft: fc.Arbitrary<DirectoryDraft> = fc.record({
  tenants: fc.tuple(tenantDraft(0), tenantDraft(1)),
  assigned: fc.uniqueArray(fc.nat(PEOPLE + GROUPS - 1), { maxLength: 4 }),
  sendsUpn: fc.boolean(),
});

const personRule: fc.Arbitrary<RuleDraft> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({ provider: fc.constantFrom(0, 1, 2, 3), group: fc.nat(GROUPS), tenant: fc.nat(5) })
      .map(
        ({ provider, group, tenant }): RuleDraft => ({
          type: "azureAD",
          provider,
          group,
          // Sometimes a group of the other tenant.
          tenant:
            tenant === 0 ? 1 - (TENANT_OF_PROVIDER[provider] ?? 0) : (TENANT_OF_PROVIDER[provider] ?? 0),
        }),
      ),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(...mails, `u1@${contoso.domain}`, `M2@${contoso.domain.toUpperCase()}`)
      .map((address): RuleDraft => ({ type: "email", address })),
  },
  fc
    .constantFrom("contoso.example", "partner.example", ...domains)
    .map((domain): RuleDraft => ({ type: "email_domain", domain })),
  fc.constantFrom(...PROVIDERS).map((provider): RuleDraft => ({ type: "login_method", provider })),
  fc.constant<RuleDraft>({ type: "auth_method" }),
);
const placeRule: fc.Arbitrary<RuleDraft> = fc.oneof(
  fc.constantFrom(...COUNTRIES).map((country): RuleDraft => ({ type: "geo", country })),
  fc.constantFrom<RuleDraft>({ type: "ip", ip: RANGE }, { type: "service_token" }, { type: "everyone" }),
);
const anyRule = fc.oneof({ weight: 4, arbitrary: personRule }, placeRule);
const rulesOf = (rule: fc.Arbitrary<RuleDraft>): fc.Arbitrary<RulesDraft> =>
  fc.record({
    include: fc.array(rule, { minLength: 1, maxLength: 3 }),
    require: fc.oneof(fc.constant<RuleDraft[]>([]), fc.array(rule, { maxLength: 2 })),
    exclude: fc.oneof(fc.constant<RuleDraft[]>([]), fc.array(rule, { maxLength: 2 })),
  });

const ACCESS_GROUPS = 4;
const groupDrafts = fc.tuple(
  ...range(ACCESS_GROUPS).map((index) =>
    rulesOf(
      index === 0
        ? anyRule
        : fc.oneof(
            { weight: 3, arbitrary: anyRule },
            fc.nat(index - 1).map((group): RuleDraft => ({ type: "group", group })),
          ),
    ),
  ),
);
const policyRule = fc.oneof(
  anyRule,
  fc.nat(ACCESS_GROUPS - 1).map((group): RuleDraft => ({ type: "group", group })),
);
const policyDraft: fc.Arbitrary<PolicyDraft> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom<PolicyDraft["decision"][]>("allow", "allow", "deny"), rulesOf(policyRule))
      .map(([decision, rules]) => ({ decision, ...rules })),
  },
  // Rules about people are not judged before a sign-in.
  rulesOf(placeRule).map((rules): PolicyDraft => ({ decision: "bypass", ...rules })),
  rulesOf(placeRule).map((rules): PolicyDraft => ({ decision: "non_identity", ...rules })),
);

export const ruleSetDraft = (applications: number): fc.Arbitrary<RuleSetDraft> =>
  fc.record({
    groups: groupDrafts,
    applications: fc.array(
      fc.record({
        providers: fc.oneof(
          fc.constant<number[]>([]),
          fc.uniqueArray(fc.constantFrom<number[]>(...PROVIDERS), { minLength: 1 }),
        ),
        policies: fc.array(policyDraft, { maxLength: 4 }),
      }),
      { minLength: applications, maxLength: applications },
    ),
  });

/** The id of a service token. */
export const TOKEN = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415";

export function createSeed({ tenants }: DirectoryDraft): Seed {
  return {
    tenants: [contoso.tenant, fabrikam.tenant].map((tenant, index) => ({ ...tenant, ...tenants[index] })),
    accounts: [contoso.account],
  };
}
