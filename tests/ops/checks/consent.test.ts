import { runCheck } from "../../../ops/checks/check";
import { type CloudAccess, VerifyContext } from "../../../ops/checks/context";
import type { ExpectedSignIn } from "../../../ops/checks/expected-sign-in";
import { VERIFY_CHECKS } from "../../../ops/checks/verify";

// Objects that the twin cannot create: consents of single users, and more than a page of them.
const everybody = { consentType: "AllPrincipals", resourceId: "graph", scope: "User.Read openid" };
const person = { ...everybody, consentType: "Principal" };

async function checkConsent(...pages: object[][]) {
  const answers: Record<string, unknown> = {
    "/servicePrincipals/sp": { id: "sp" },
    "/servicePrincipals?$filter=appId eq '00000003-0000-0000-c000-000000000000'": {
      value: [{ id: "graph" }],
    },
  };
  pages.forEach((value, i) => {
    const next = i + 1 < pages.length ? { "@odata.nextLink": `page ${i + 1}` } : {};
    answers[i === 0 ? "/oauth2PermissionGrants?$filter=clientId eq 'sp'" : `page ${i}`] = { value, ...next };
  });
  const graph = { api: (path: string) => ({ get: async () => answers[path] }) };
  const expected = { servicePrincipalObjectId: "sp", permissions: ["openid", "User.Read"] };
  const context = new VerifyContext(
    { graph: async () => graph } as unknown as CloudAccess,
    expected as unknown as ExpectedSignIn,
  );
  const check = VERIFY_CHECKS.find(({ id }) => id === "consent") as (typeof VERIFY_CHECKS)[number];
  return runCheck(check, context);
}

test.each<[string, object[][], object]>([
  ["for all users on the second page passes", [[person], [everybody]], { status: "passed" }],
  [
    "for a single user fails",
    [[person]],
    { status: "failed", actual: "none", symptom: "AADSTS65001 or AADSTS90094" },
  ],
  [
    "for another API fails",
    [[{ ...everybody, resourceId: "other" }]],
    { status: "failed", actual: "service principal other" },
  ],
])("consent %s", async (_what, pages, expected) => {
  expect(await checkConsent(...pages)).toMatchObject(expected);
});
