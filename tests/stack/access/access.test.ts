import { verifyStack } from "../../../ops/checks/verify-stack";
import type { ConfigValues, Stack } from "../../../ops/stacks";
import { contosoGroups } from "../../../twin/seed/people";
import { accessSeed } from "../../support/access-seed";
import { formatChanges, useEngineFixture } from "../../support/engine-fixture";

const lab = useEngineFixture(accessSeed);

const employees = { include: { entraGroups: ["Employees"] } };
const engineers = { include: { entraGroups: ["Engineers", contosoGroups.contractors.id] } };
const groups = { employees, engineers, germans: { include: { countries: ["DE", "AT"] } } };
const asks = {
  justification: "Which ticket?",
  approval: { approvers: ["boss@contoso.example"], needed: 1 },
};
const policies = {
  employees: { include: ["employees"], ...asks },
  engineers: { include: ["engineers"], require: ["germans"], mfa: true, sessionDuration: "8h" },
};
const wiki = { hostnames: ["wiki.contoso.example"], policies: ["employees"] };
const git = { displayName: "Git", hostnames: ["git.contoso.example"], policies: ["engineers"] };
const tagged = { ...wiki, tags: ["money"] };
const access = { groups, policies, applications: { wiki: tagged, git } };
const buildConfig = (settings: object): ConfigValues => ({ "entra-access:access": settings });

async function previewChanges(stack: Stack, settings: object): Promise<string[]> {
  await stack.configure(buildConfig(settings));
  return formatChanges((await stack.preview()).changes);
}

test("adding, removing or reordering entries changes nothing else", async () => {
  const { cloudflare, accountId } = await lab.administrator();
  const cloudflareAccess = cloudflare.zeroTrust.access;
  await cloudflareAccess.tags.create({ account_id: accountId, name: "money" });
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
  const declared = await cloudflareAccess.policies.list({ account_id: accountId });
  expect(declared.result.find(({ name }) => name === "employees")).toMatchObject({
    purpose_justification_prompt: "Which ticket?",
    approval_groups: [{ approvals_needed: 1, email_addresses: ["boss@contoso.example"] }],
  });
  const scim = { "entra-access:identityProvider": { scim: { enabled: true } } };
  await stack.configure({ ...buildConfig(access), ...scim });
  const { checks } = await verifyStack(stack);
  expect(checks.find(({ id }) => id === "nested-groups")?.actual).toBe("Engineers in Employees");
  await stack.configure({ "entra-access:identityProvider": {} });

  const reordered = {
    applications: { git, wiki: tagged },
    policies: { engineers: policies.engineers, employees: policies.employees },
    groups: {
      germans: { include: { countries: ["AT", "DE"] } },
      engineers: { include: { entraGroups: [...engineers.include.entraGroups].reverse() } },
      employees,
    },
  };
  expect(await previewChanges(stack, reordered)).toEqual([]);

  const more = {
    ...access,
    applications: { hr: { ...wiki, hostnames: ["hr.contoso.example"] }, wiki: tagged, git },
  };
  expect(await previewChanges(stack, more)).toEqual(["create access-application-hr"]);
  expect(await previewChanges(stack, { ...access, applications: { wiki: tagged } })).toEqual([
    "delete access-application-git",
  ]);
  const { engineers: _group, ...groupsLeft } = groups;
  const fewer = {
    groups: groupsLeft,
    policies: { employees: { include: ["employees"] } },
    applications: { wiki, git: { ...git, policies: [] } },
  };
  await stack.configure(buildConfig(fewer));
  expect(formatChanges((await stack.up()).changes)).toEqual([
    "delete access-group-engineers",
    "delete access-policy-engineers",
    expect.stringContaining("update access-application-git"),
    expect.stringContaining("update access-application-wiki tags"),
    expect.stringContaining("update access-policy-employees"),
  ]);
  expect(await previewChanges(stack, fewer)).toEqual([]);
  const plain = await cloudflareAccess.policies.list({ account_id: accountId });
  expect(plain.result).toMatchObject([{ approval_required: false, purpose_justification_required: false }]);
  const apps = await cloudflareAccess.applications.list({ account_id: accountId });
  // Without a policy nobody is admitted, and no other identity provider is allowed.
  expect(apps.result.find(({ name }) => name === "Git")).toMatchObject({
    policies: [],
    allowed_idps: [expect.any(String)],
  });
});
