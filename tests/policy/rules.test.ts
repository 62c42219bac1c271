import type { ReportViolation, ResourceValidation } from "@pulumi/policy";
import { type Rule, toPolicy } from "../../policy/rule";
import { RULES } from "../../policy/rules";
import { ESCALATION_PERMISSIONS } from "../../policy/rules/escalation";
import {
  accessPolicy,
  application,
  cases,
  conditionalAccess,
  grant,
  identityProvider,
  type Options,
  requested,
} from "./cases";

const NOW = new Date("2026-12-01T12:00:00Z");

/** Judges a resource by a rule, as the engine would. @returns the violations */
function judge(ruleName: string, type: string, props: object, options: Options = {}): string[] {
  const { name = "resource", protect = true, config = {}, stack = {} } = options;
  const rule = RULES.find((candidate) => candidate.name === ruleName) as Rule;
  const policy = toPolicy(
    rule,
    () => NOW,
    () => stack,
  );
  const properties = policy.configSchema?.properties as Record<string, { default?: unknown }>;
  const defaults = Object.entries(properties).map(([key, schema]) => [key, schema.default]);
  const violations: string[] = [];
  const args = {
    type,
    name,
    props,
    opts: { protect },
    getConfig: () => ({ ...Object.fromEntries(defaults), ...config }),
  };
  const validate = policy.validateResource as (args: object, report: ReportViolation) => void;
  validate(args as unknown as Parameters<ResourceValidation>[0], (message) => violations.push(message));
  return violations;
}

test.each(cases)("%s: %s", (rule, type, passing, failing, violation, options = {}) => {
  expect(judge(rule, type, passing, options)).toEqual([]);
  expect(judge(rule, type, failing, options)).toEqual([violation]);
});

test.each([application, identityProvider])("protected-sign-in: %s", (type) => {
  expect(judge("protected-sign-in", type, {}, { protect: true })).toEqual([]);
  expect(judge("protected-sign-in", type, {}, { protect: false })).toEqual(["protect must be true"]);
});

test("every rule has a case that passes and one that fails", () => {
  const tested = new Set([...cases.map(([rule]) => rule), "protected-sign-in"]);
  expect(RULES.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([]);
});

test.each(ESCALATION_PERMISSIONS)(
  "no-escalation knows $name by name and by each id",
  ({ name, does, ids }) => {
    const violation = [`must not have ${name}: its holder ${does}`];
    expect(judge("no-escalation", grant, { claimValues: [name] })).toEqual(violation);
    for (const id of ids)
      expect(judge("no-escalation", application, requested(id, "Role"))).toEqual(violation);
  },
);

test("a rule judges no resource of another type", () => {
  for (const { name } of RULES)
    expect(judge(name, "random:index/randomUuid:RandomUuid", {}, { protect: false })).toEqual([]);
});

test("identity providers of other types have neither PKCE nor groups of Entra", () => {
  for (const rule of ["pkce", "support-groups"])
    expect(judge(rule, identityProvider, { type: "onetimepin", config: {} })).toEqual([]);
});

test("a report-only policy is allowed until the end of its last day", () => {
  const props = { state: "enabledForReportingButNotEnforced" };
  const config = { until: { resource: "2026-12-01" } };
  expect(judge("report-only-ends", conditionalAccess, props, { config })).toEqual([]);
});

test.each([
  ["of the stack's own tenant", "entra", { "entra-access:conditionalAccess": '{"policies":{"mfa":DATE}}' }],
  [
    "of a further tenant",
    "fabrikam",
    {
      "entra-access:access":
        '{"identityProviders":{"fabrikam":{"conditionalAccess":{"policies":{"mfa":DATE}}}}}',
    },
  ],
])("the date of a report-only policy %s is in the settings of the stack", (_what, signIn, settings) => {
  const judgeUntil = (decideBy: string) => {
    const dated = Object.entries(settings).map(([key, text]) => [
      key,
      text.replace("DATE", JSON.stringify({ decideBy })),
    ]);
    const options = { name: `${signIn}-conditional-access-mfa`, stack: Object.fromEntries(dated) };
    return judge(
      "report-only-ends",
      conditionalAccess,
      { state: "enabledForReportingButNotEnforced" },
      options,
    );
  };
  expect(judgeUntil("2026-12-01")).toEqual([]);
  expect(judgeUntil("2026-11-30")).toEqual([expect.stringContaining("after 2026-11-30")]);
});

test("settings that are no JSON have no date", () => {
  const options = { stack: { "entra-access:conditionalAccess": "{" } };
  const props = { state: "enabledForReportingButNotEnforced" };
  expect(judge("report-only-ends", conditionalAccess, props, options)).toHaveLength(1);
});

test("settings of a rule replace its defaults", () => {
  expect(
    judge("session-length", accessPolicy, { sessionDuration: "9h" }, { config: { hours: 8 } }),
  ).toHaveLength(1);
  const config = { allowed: ["Mail.Read", "570282fd-fa5c-430d-a7fd-fc8dc98a9dca"] };
  expect(judge("allowed-permissions", grant, { claimValues: ["Mail.Read"] }, { config })).toEqual([]);
  expect(
    judge("allowed-permissions", application, requested("570282fd-fa5c-430d-a7fd-fc8dc98a9dca"), { config }),
  ).toEqual([]);
});

describe("an exception", () => {
  const exception = { resource: "status", person: "ann@contoso.example", until: "2026-12-01" };
  const judgeBypass = (name: string, until = exception.until) =>
    judge(
      "no-open-door",
      accessPolicy,
      { decision: "bypass" },
      { name, config: { exceptions: [{ ...exception, until }] } },
    );

  test("holds for its resource, to the end of its last day", () => expect(judgeBypass("status")).toEqual([]));
  test("holds for no other resource", () =>
    expect(judgeBypass("other")).toEqual(['decision must not be "bypass"']));
  test("that has ended says whose it was", () =>
    expect(judgeBypass("status", "2026-11-30")).toEqual([
      'decision must not be "bypass" (the exception of ann@contoso.example ended on 2026-11-30)',
    ]));
});
