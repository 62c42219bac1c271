import { estimateStackJob, listConditionalAccess } from "../../../ops/fleet/stack-list";

const [own, other] = ["6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e01", "b84d6c12-7e35-4f90-a1c8-52e96f0d3b77"];
const policies = { mfa: { require: ["mfa"] } };
const vault = { owned: true, tenantId: own.toUpperCase(), conditionalAccess: { policies } };
const fabrikam = { owned: true, tenantId: other, conditionalAccess: { namedLocations: { office: {} } } };

test.each<[string, object, string[]]>([
  [
    "none",
    { conditionalAccess: { emergencyAccounts: [own] }, access: { identityProviders: { x: null } } },
    [],
  ],
  ["its own", { conditionalAccess: { policies } }, [own]],
  [
    "that of two sign-ins once",
    { conditionalAccess: { policies }, access: { identityProviders: { vault } } },
    [own],
  ],
  ["those of further ones", { access: { identityProviders: { vault, fabrikam } } }, [own, other]],
])("a stack takes turns in the tenants with Conditional Access: %s", (_what, settings, tenants) => {
  const config = Object.entries({ tenantId: own, ...settings }).map(([key, value]) => [
    `project:${key}`,
    value,
  ]);
  expect(listConditionalAccess(Object.fromEntries(config))).toEqual(tenants);
});

test("only jobs that ask Entra take turns", () => {
  const listed = { name: "x", current: false, target: {}, token: "t", rules: 0, conditionalAccess: [own] };
  expect(estimateStackJob(listed, "check").turns).toEqual([own]);
  expect(estimateStackJob(listed, "read").turns).toEqual([]);
});
