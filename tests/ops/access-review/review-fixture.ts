import { createPopulation } from "../../../ops/access-review/decision/channel";
import type {
  AccessRules,
  Application,
  Directory,
  Person,
  Policy,
  RuleSet,
} from "../../../ops/access-review/decision/model";
import { AccountReview } from "../../../ops/access-review/decision/review";

export const PROVIDER = "entra-id";
export const createPerson = (id: string, settings: Partial<Person> = {}): Person => ({
  id,
  tenantId: "tenant",
  name: id,
  signInName: `${id}@contoso.example`,
  mail: `${id}@contoso.example`,
  isGuest: false,
  isEnabled: true,
  ...settings,
});
const group = (id: string, people: number[], groups: string[] = []) =>
  [id, { id, name: `Group ${id}`, people: Int32Array.from(people), groups }] as const;
export const directory: Directory = {
  tenantId: "tenant",
  people: [
    createPerson("ada"),
    createPerson("ben"),
    createPerson("cora", { isGuest: true }),
    createPerson("dan", { isEnabled: false }),
  ],
  groups: new Map([group("outer", [0], ["inner"]), group("inner", [1], ["outer"]), group("blocked", [1])]),
  assignments: new Map([["client", { required: false }]]),
};
export const provider = {
  id: PROVIDER,
  name: "Entra ID",
  type: "azureAD",
  tenantId: "tenant",
  clientId: "client",
};
export const entraGroup = (id: string) => ({ azureAD: { id, identity_provider_id: PROVIDER } });
export const named = (id: string, rules: Partial<RuleSet>): RuleSet => ({
  id,
  name: id,
  include: [],
  require: [],
  exclude: [],
  ...rules,
});
export const policy = (id: string, rules: Partial<Policy>): Policy => ({
  ...named(id, rules),
  decision: "allow",
  prompts: [],
  ...rules,
});

export const createApplication = (policies: Policy[], settings: Partial<Application> = {}): Application => ({
  id: "app",
  name: "wiki",
  address: "",
  policies,
  allowedProviders: [PROVIDER],
  ...settings,
});

/** Reviews applications of an account with one Entra identity provider and its directory. */
export function createReview(
  applications: Application[],
  o: { groups?: RuleSet[]; rules?: Partial<AccessRules>; people?: Directory } = {},
): AccountReview {
  const { people = directory } = o;
  const rules: AccessRules = {
    accountId: "account",
    applications,
    groups: new Map((o.groups ?? []).map((one) => [one.id, one])),
    providers: new Map([[PROVIDER, { ...provider, loadsGroups: true }]]),
    ...o.rules,
  };
  return new AccountReview({ rules, names: (id) => people.groups.get(id)?.name }, createPopulation([people]));
}
