import { verifyStack } from "../../../ops/checks/verify-stack";
import type { ConfigValues, Stack } from "../../../ops/stacks";
import { contosoGroups } from "../../../twin/seed/people";
import { accessSeed } from "../../support/access-seed";
import { formatChanges, useEngineFixture } from "../../support/engine-fixture";

const lab = useEngineFixture(accessSeed);

const employees = { include: { entraGroups: ["Employees"] } };
const engineers = { include: { entraGroups: ["Engineers", contosoGroups.contractors.id] } };
const groups = { employees, engineers, germans: { include: { countries: ["DE", "AT"] } } };
const policies = {
  employees: { include: ["employees"] },
  engineers: { include: ["engineers"], require: ["germans"], mfa: true, sessionDuration: "8h" },
};
const wiki = { hostnames: ["wiki.contoso.example"], policies: ["employees"] };
const git = { displayName: "Git", hostnames: ["git.contoso.example"], policies: ["engineers"] };
const access = { groups, policies, applications: { wiki, git } };
const buildConfig = (settings: object): ConfigValues => ({ "entra-access:access": settings });

async function previewChanges(stack: Stack, settings: object): Promise<string[]> {
  await stack.configure(buildConfig(settings));
  return formatChanges((await stack.preview()).changes);
}

test("adding, removing or reordering entries changes nothing else", async () => {
  const stack = await lab.stack({ config: buildConfig(access) });
  expect(formatChanges((await stack.up()).changes).filter((line) => line.includes("access-"))).toEqual([
    "create access-application-git",
    "create access-application-wiki",
    "create access-group-employees",
    "create access-group-engineers",
    "create access-group-germans",
    "create access-policy-employees",
    "create access-policy-engineers",
  ]);
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);
  expect(formatChanges((await stack.refresh()).changes)).toEqual([]);
  const scim = { "entra-access:identityProvider": { scim: { enabled: true } } };
  await stack.configure({ ...buildConfig(access), ...scim });
  const { checks } = await verifyStack(stack);
  expect(checks.find(({ id }) => id === "nested-groups")?.actual).toBe("Engineers in Employees");
  await stack.configure({ "entra-access:identityProvider": {} });

  const reordered = {
    applications: { git, wiki },
    policies: { engineers: policies.engineers, employees: policies.employees },
    groups: {
      germans: { include: { countries: ["AT", "DE"] } },
      engineers: { include: { entraGroups: [...engineers.include.entraGroups].reverse() } },
      employees,
    },
  };
  expect(await previewChanges(stack, reordered)).toEqual([]);

  const more = { ...access, applications: { hr: { ...wiki, hostnames: ["hr.contoso.example"] }, wiki, git } };
  expect(await previewChanges(stack, more)).toEqual(["create access-application-hr"]);
  expect(await previewChanges(stack, { ...access, applications: { wiki } })).toEqual([
    "delete access-application-git",
  ]);
  const { engineers: _group, ...groupsLeft } = groups;
  const fewer = {
    groups: groupsLeft,
    policies: { employees: policies.employees },
    applications: { wiki, git: { ...git, policies: [] } },
  };
  expect(await previewChanges(stack, fewer)).toEqual([
    "delete access-group-engineers",
    "delete access-policy-engineers",
    expect.stringContaining("update access-application-git"),
  ]);
  await stack.up();
  const { cloudflare, accountId } = await lab.administrator();
  const apps = await cloudflare.zeroTrust.access.applications.list({ account_id: accountId });
  // Without a policy nobody is admitted, and no other identity provider is allowed.
  expect(apps.result.find(({ name }) => name === "Git")).toMatchObject({
    policies: [],
    allowed_idps: [expect.any(String)],
  });
});
