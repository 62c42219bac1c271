import type { Client } from "@microsoft/microsoft-graph-client";
import { runCheck } from "../../../ops/checks/check";
import {
  AUTHENTICATION_CONTEXT_CHECKS,
  CONDITIONAL_ACCESS_CHECKS,
} from "../../../ops/checks/conditional-access";
import { type CloudAccess, VerifyContext } from "../../../ops/checks/context";
import { deriveExpectedSignIn, type ExpectedPolicy } from "../../../ops/checks/expected-sign-in";
import { requireAuthenticationContexts } from "../../../ops/recovery/authentication-contexts";

const clientId = "the-client";
const policyAtEntra = (displayName: string, state: string, appId = clientId) => ({
  displayName,
  state,
  conditions: { applications: { includeApplications: [appId] } },
});

/** Runs the checks on 2026-12-01. */
async function check(conditionalAccess: readonly ExpectedPolicy[], atEntra: readonly object[]) {
  const graph = { api: () => ({ get: async () => ({ value: atEntra }) }) };
  const clouds = { graph: async () => graph, now: () => new Date("2026-12-01T12:00:00Z") };
  const expected = { ...deriveExpectedSignIn({}, {}), clientId, conditionalAccess };
  const context = new VerifyContext(clouds as unknown as CloudAccess, expected);
  const results = await Promise.all(CONDITIONAL_ACCESS_CHECKS.map((one) => runCheck(one, context)));
  return results.map(({ status }) => status);
}

const mfa: ExpectedPolicy = { displayName: "MFA", state: "enabled" };
const reporting = (decideBy: string): ExpectedPolicy => ({
  displayName: "MFA",
  state: "reportOnly",
  decideBy,
});
const REPORT_ONLY = "enabledForReportingButNotEnforced";

test.each<[string, ExpectedPolicy, object[], string[]]>([
  ["has its state", mfa, [policyAtEntra("MFA", "enabled")], ["passed", "passed"]],
  ["was switched off", mfa, [policyAtEntra("MFA", "disabled")], ["failed", "passed"]],
  ["is missing", mfa, [policyAtEntra("Other", "enabled")], ["failed", "passed"]],
  ["is that of another application", mfa, [policyAtEntra("MFA", "enabled", "other")], ["failed", "passed"]],
  ["reports for long", reporting("2027-06-30"), [policyAtEntra("MFA", REPORT_ONLY)], ["passed", "passed"]],
  ["must be decided soon", reporting("2026-12-07"), [policyAtEntra("MFA", REPORT_ONLY)], ["passed", "open"]],
  ["must be decided today", reporting("2026-12-01"), [policyAtEntra("MFA", REPORT_ONLY)], ["passed", "open"]],
  [
    "should have been decided",
    reporting("2026-11-30"),
    [policyAtEntra("MFA", REPORT_ONLY)],
    ["passed", "failed"],
  ],
])("a policy that %s", async (_what, expected, atEntra, statuses) => {
  expect(await check([expected], atEntra)).toEqual(statuses);
});

test("policies are expected by the names and states that the program gives them", () => {
  const config = {
    "entra-access:teamName": "contoso",
    "entra-access:conditionalAccess": {
      policies: { mfa: { decideBy: "2027-01-31" }, risky: { displayName: "Risky", state: "enabled" } },
    },
  };
  expect(deriveExpectedSignIn(config, {}).conditionalAccess).toEqual([
    { displayName: "Cloudflare Access (contoso): mfa", state: "reportOnly", decideBy: "2027-01-31" },
    { displayName: "Risky", state: "enabled", decideBy: undefined },
  ]);
});

const context = (id: string, isAvailable = true) => ({ id, isAvailable });

/** A client of Graph that lists these contexts, or refuses with a status. */
const createGraph = (answer: object[] | number) =>
  ({
    api: () => ({
      async get() {
        if (typeof answer === "number") throw Object.assign(new Error("refused"), { statusCode: answer });
        return { value: answer };
      },
    }),
  }) as unknown as Client;
const access = { policies: { vault: { authenticationContext: { id: "x", acId: "c2" } }, wiki: {} } };

test.each<[object[] | number, string]>([
  [[context("c2")], "passed"],
  [[context("c1"), context("c2", false)], "failed"],
  [[], "failed"],
  [403, "unknown"],
])("the contexts %j of the tenant are %s for a rule that asks for c2", async (answer, status) => {
  const expected = deriveExpectedSignIn({ "entra-access:access": access }, {});
  const clouds = { graph: async () => createGraph(answer) } as unknown as CloudAccess;
  const [check] = AUTHENTICATION_CONTEXT_CHECKS;
  const result = check && (await runCheck(check, new VerifyContext(clouds, expected)));
  expect(result?.status).toBe(status);
});

test.each<[object[] | number, string | undefined]>([
  [[context("c2")], undefined],
  [[context("c2", false)], "must exist in Entra and be published to apps; found c2 (not published)"],
  [[], "found c2 (missing)"],
  [403, undefined],
  [500, "refused"],
])("before an update, the contexts %j are refused: %s", async (answer, message) => {
  const settings = { config: { "entra-access:access": JSON.stringify(access) }, env: {} };
  const required = requireAuthenticationContexts(settings, createGraph(answer));
  if (message === undefined) await required;
  else await expect(required).rejects.toThrow(message);
});

test("without a rule that asks for a context, nothing is read", async () => {
  await requireAuthenticationContexts({ config: {}, env: {} }, createGraph(500));
});
