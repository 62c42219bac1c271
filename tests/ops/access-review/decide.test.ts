import { describeConditions, describeResult } from "../../../ops/access-review/decision/decide";
import { createCondition } from "../../../ops/access-review/decision/formula";
import type { AccessRules, Policy, RuleSet } from "../../../ops/access-review/decision/model";
import {
  createApplication,
  createReview,
  directory,
  entraGroup,
  named,
  PROVIDER,
  policy,
  provider,
} from "./review-fixture";

/** Decides for one of the people, by position. */
function decide(
  policies: Policy[],
  o: { position?: number; groups?: RuleSet[]; rules?: Partial<AccessRules>; allowed?: string[] } = {},
) {
  const application = createApplication(policies, { allowedProviders: o.allowed ?? [PROVIDER] });
  const review = createReview([application], o);
  const { admitted, ways, withoutSignIn } = review.explain(application, o.position ?? 0);
  const { openings } = review.reviewApplication(application);
  return {
    result: describeResult(admitted),
    conditions: describeConditions(admitted),
    because: ways[0]?.steps.map((step) => `${step.policy.name}: ${step.because}`),
    obstacle: ways[0]?.obstacle?.text,
    withoutSignIn,
    openings,
  };
}

const everyone = { everyone: {} };
const germany = { geo: { country_code: "DE" } };

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
        admitted: createCondition("person", "with address ada@contoso.example", "ada@contoso.example"),
        policy: "p",
        because: "address ada@contoso.example",
        provider: github,
      },
    ]);
  });

  it.each<[what: string, policies: Policy[], everyone: boolean]>([
    ["a rule for everyone", [policy("p", { include: [everyone] })], true],
    [
      "one behind a rule for a place",
      [policy("p", { include: [germany] }), policy("q", { include: [everyone] })],
      true,
    ],
    ["one that requires a place", [policy("p", { include: [everyone], require: [germany] })], true],
    [
      "one that requires a group",
      [policy("p", { include: [everyone], require: [entraGroup("outer")] })],
      false,
    ],
    [
      "one behind a block of everybody",
      [policy("no", { decision: "deny", include: [everyone] }), policy("p", { include: [everyone] })],
      false,
    ],
    ["a rule for a group that has all people", [policy("p", { include: [entraGroup("all")] })], false],
  ])("tells if everyone gets in by %s", (_what, policies, expected) => {
    const groups = new Map([
      ...directory.groups,
      ["all", { id: "all", name: "All", people: Int32Array.of(0, 1, 2, 3), groups: [] }] as const,
    ]);
    const application = createApplication(policies);
    const review = createReview([application], { people: { ...directory, groups } });
    expect(review.reviewApplication(application).everyone).toBe(expected);
  });

  it("finds that everyone gets in at an identity provider whose people are not known", () => {
    const github = { id: "github", name: "GitHub", type: "github", loadsGroups: false };
    const application = createApplication([policy("p", { include: [everyone] })], {
      allowedProviders: ["github"],
    });
    const review = createReview([application], { rules: { providers: new Map([["github", github]]) } });
    expect(review.reviewApplication(application)).toMatchObject({
      everyone: true,
      anybody: false,
      outcomes: [],
    });
  });
});
