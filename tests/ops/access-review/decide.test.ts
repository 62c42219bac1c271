import { createPopulation } from "../../../ops/access-review/decision/channel";
import { describeConditions, describeResult } from "../../../ops/access-review/decision/decide";
import { createCondition } from "../../../ops/access-review/decision/formula";
import type {
  AccessRules,
  Application,
  Directory,
  Person,
  Policy,
  RuleSet,
} from "../../../ops/access-review/decision/model";
import { AccountReview } from "../../../ops/access-review/decision/review";

const PROVIDER = "entra-id";
const person = (id: string, settings: Partial<Person> = {}): Person => ({
  ...{ id, tenantId: "tenant", name: id, signInName: `${id}@contoso.example`, mail: `${id}@contoso.example` },
  ...{ isGuest: false, isEnabled: true, ...settings },
});
const group = (id: string, people: number[], groups: string[] = []) =>
  [id, { id, name: `Group ${id}`, people: Int32Array.from(people), groups }] as const;
const directory: Directory = {
  tenantId: "tenant",
  people: [
    person("ada"),
    person("ben"),
    person("cora", { isGuest: true }),
    person("dan", { isEnabled: false }),
  ],
  groups: new Map([group("outer", [0], ["inner"]), group("inner", [1], ["outer"]), group("blocked", [1])]),
  assignments: new Map([["client", { required: false }]]),
};
const provider = { id: PROVIDER, name: "Entra ID", type: "azureAD", tenantId: "tenant", clientId: "client" };
const entraGroup = (id: string) => ({ azureAD: { id, identity_provider_id: PROVIDER } });
const named = (id: string, rules: Partial<RuleSet>): RuleSet => ({
  ...{ id, name: id, include: [], require: [], exclude: [], ...rules },
});
const policy = (id: string, rules: Partial<Policy>): Policy => ({
  ...{ ...named(id, rules), decision: "allow", prompts: [], ...rules },
});

/** Decides for one of the people, by position. */
function decide(
  policies: Policy[],
  o: { position?: number; groups?: RuleSet[]; rules?: Partial<AccessRules>; allowed?: string[] } = {},
) {
  const application: Application = {
    id: "app",
    name: "wiki",
    address: "",
    policies,
    allowedProviders: o.allowed ?? [PROVIDER],
  };
  const rules: AccessRules = {
    accountId: "account",
    applications: [application],
    groups: new Map((o.groups ?? []).map((one) => [one.id, one])),
    providers: new Map([[PROVIDER, { ...provider, loadsGroups: true }]]),
    ...o.rules,
  };
  const names = (id: string) => directory.groups.get(id)?.name;
  const review = new AccountReview({ rules, names }, createPopulation([directory]));
  const { admitted, ways, withoutSignIn } = review.explain(application, o.position ?? 0);
  const openings = review.reviewApplication(application).openings;
  return {
    result: describeResult(admitted),
    conditions: describeConditions(admitted),
    because: ways[0]?.steps.map((step) => `${step.policy.name}: ${step.because}`),
    obstacle: ways[0]?.obstacle?.text,
    withoutSignIn,
    openings,
  };
}

describe("the decision of a review", () => {
  it("follows nested Entra groups that contain each other", () => {
    const everyPosition = [0, 1, 2].map(
      (position) => decide([policy("p", { include: [entraGroup("outer")] })], { position }).result,
    );
    expect(everyPosition).toEqual(["allowed", "allowed", "denied"]);
  });

  it("names the rule that decided", () => {
    const groups = [named("staff", { include: [entraGroup("outer")], exclude: [entraGroup("blocked")] })];
    const policies = [policy("staff only", { include: [{ group: { id: "staff" } }] })];
    expect(decide(policies, { groups, position: 0 })).toMatchObject({
      result: "allowed",
      because: ['staff only: Access group "staff": Entra group "Group outer"'],
    });
    expect(decide(policies, { groups, position: 1 })).toMatchObject({
      result: "denied",
      because: ['staff only: not included: Access group "staff": excluded by Entra group "Group blocked"'],
    });
  });

  it("is a condition where place, second factor and approval are required", () => {
    const prompts = [createCondition("approval", "approved by the policy's approvers")];
    const require = [{ geo: { country_code: "DE" } }, { auth_method: { auth_method: "mfa" } }];
    expect(decide([policy("p", { include: [{ everyone: {} }], require, prompts })])).toMatchObject({
      result: "conditional",
      conditions: "from country DE and with a second factor and approved by the policy's approvers",
    });
  });

  it("is decided where conditions cancel out", () => {
    const germany = { geo: { country_code: "DE" } };
    const policies = [
      policy("inside", { include: [germany] }),
      policy("outside", { include: [{ everyone: {} }], exclude: [germany] }),
    ];
    expect(decide(policies).result).toBe("allowed");
  });

  it("refuses disabled accounts and says so", () => {
    expect(decide([policy("p", { include: [{ everyone: {} }] })], { position: 3 })).toMatchObject({
      result: "denied",
      obstacle: "is disabled",
    });
  });

  it("is a condition where assignment in Entra could not be read", () => {
    const clientId = "unread";
    const rules = {
      providers: new Map([[PROVIDER, { ...provider, clientId, loadsGroups: true }]]),
    };
    expect(decide([policy("p", { include: [{ everyone: {} }] })], { rules }).conditions).toBe(
      "assigned to the application in Entra, if it requires that",
    );
  });

  it("guesses nothing about a rule of a type that it does not know", () => {
    expect(decide([policy("p", { include: [{ new_selector: { id: "x" } }] })]).conditions).toBe(
      "a rule of type new_selector matches",
    );
  });

  it("guesses nothing about an Access group that contains itself or was not found", () => {
    const groups = [named("loop", { include: [{ group: { id: "loop" } }] })];
    const include = [{ group: { id: "loop" } }];
    expect(decide([policy("p", { include })], { groups }).conditions).toBe(
      'Access group "loop", which contains itself, matches',
    );
    expect(decide([policy("p", { include })]).conditions).toBe(
      'Access group "loop", which was not found, matches',
    );
  });

  it("lists bypass and service auth as openings, which come before all other policies", () => {
    const { result, openings } = decide([
      policy("no", { decision: "deny", include: [{ everyone: {} }] }),
      policy("backup", { decision: "non_identity", include: [{ service_token: { token_id: "t" } }] }),
      policy("open", { decision: "bypass", include: [{ everyone: {} }] }),
    ]);
    expect(result).toBe("denied");
    expect(openings.map(({ kind, admitted }) => [kind, admitted === true])).toEqual([
      ["service auth", false],
      ["bypass", true],
    ]);
  });

  it("lists an identity provider whose people are not known as an opening with its conditions", () => {
    const github = { id: "github", name: "GitHub", type: "github", loadsGroups: false };
    const rules = { providers: new Map([["github", github]]) };
    const include = [{ email: { email: "ada@contoso.example" } }];
    const { result, openings } = decide([policy("p", { include })], { rules, allowed: ["github"] });
    expect(result).toBe("denied");
    expect(openings).toEqual([
      {
        kind: "identity provider",
        admitted: createCondition("person", "with address ada@contoso.example"),
        policy: "p",
        because: "address ada@contoso.example",
        provider: github,
      },
    ]);
  });
});
