import type { Asked } from "../../../ops/checks/asked";
import { carryOut } from "../../../ops/checks/check";
import { Reading, type Sight } from "../../../ops/checks/reading";
import { CHECKS } from "../../../ops/checks/verify";

// What the twin does not let anybody make: consents of single people, and more of them than a page holds.
const everybody = { consentType: "AllPrincipals", resourceId: "graph", scope: "User.Read openid" };
const person = { ...everybody, consentType: "Principal" };

async function consentAmong(...pages: object[][]) {
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
  const asked = { servicePrincipalObjectId: "sp", permissions: ["openid", "User.Read"] };
  const reading = new Reading({ graph: async () => graph } as unknown as Sight, asked as unknown as Asked);
  const check = CHECKS.find(({ id }) => id === "consent") as (typeof CHECKS)[number];
  return carryOut(check, reading);
}

test.each<[string, object[][], object]>([
  ["for everybody, on the second page", [[person], [everybody]], { status: "passed" }],
  [
    "for one person alone",
    [[person]],
    { status: "failed", found: "none", peopleSee: "AADSTS65001 or AADSTS90094" },
  ],
  [
    "to another API",
    [[{ ...everybody, resourceId: "other" }]],
    { status: "failed", found: "service principal other" },
  ],
])("consent %s", async (_what, pages, wanted) => {
  expect(await consentAmong(...pages)).toMatchObject(wanted);
});
