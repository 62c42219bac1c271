import { contosoUsers } from "../../../twin/seed/people";
import { accessSeed } from "../../support/access-seed";
import { formatChanges, useEngineFixture } from "../../support/engine-fixture";

const lab = useEngineFixture();
beforeAll(async () => {
  const allowed = "Group.ReadWrite.All";
  lab.twin.reset({
    ...accessSeed,
    tenants: accessSeed.tenants.map((tenant) => ({
      ...tenant,
      principals: tenant.principals.map((one) => ({ ...one, permissions: [...one.permissions, allowed] })),
    })),
  });
});

const finance = { displayName: "Access Finance", members: [contosoUsers.ada.id] };
const access = (group: { displayName: string }) => ({
  assignedOnly: true,
  ownedEntraGroups: { finance: group },
  groups: { finance: { include: { entraGroups: [group.displayName] } } },
  policies: { finance: { include: ["finance"] } },
});

test("a group that the stack creates can be used in policies, assigned and changed", async () => {
  const application = { displayName: "Owners' Access" };
  const stack = await lab.stack({
    config: { "entra-access:access": access(finance), "entra-access:application": application },
  });
  const created = formatChanges((await stack.up()).changes).filter((line) => /group|assignment/.test(line));
  expect(created).toEqual([
    "create access-group-finance",
    "create entra-assignment-finance",
    "create entra-group-finance",
  ]);
  const renewed = { ...finance, members: [contosoUsers.ben.id], description: "Who sees the books" };
  await stack.configure({ "entra-access:access": access(renewed) });
  expect(formatChanges((await stack.up()).changes)).toEqual([
    expect.stringMatching(/^update entra-group-finance description members/),
  ]);
  const { graph } = await lab.administrator();
  const { value } = await graph.api("/groups").filter("displayName eq 'Access Finance'").get();
  const members = await graph.api(`/groups/${value[0].id}/members`).get();
  expect(members.value.map(({ id }: { id: string }) => id)).toEqual([contosoUsers.ben.id]);

  // The state of release 0.1.0, which named the assignment after the display name.
  const { servicePrincipalObjectId } = await stack.outputs();
  const readAssignments = async () =>
    (await graph.api(`/servicePrincipals/${servicePrincipalObjectId?.value}/appRoleAssignedTo`).get()).value;
  const [assignment] = await readAssignments();
  const state = JSON.stringify(await stack.export())
    .replaceAll(
      "entra-access:index:EntraApplication$entra-access:index:EntraAssignments",
      "entra-access:index:Access$entra-access:index:EntraAssignments",
    )
    .replaceAll("entra-assignment-finance", "entra-assignment-Access Finance");
  await stack.import(JSON.parse(state));
  expect(formatChanges((await stack.up()).changes)).toEqual([]);

  const renamed = "Finance, Owners' Club";
  const group = { ...renewed, displayName: renamed };
  await stack.configure({ "entra-access:access": access(group) });
  expect(formatChanges((await stack.up()).changes)).toEqual([
    expect.stringMatching(/^update entra-group-finance displayName/),
  ]);
  expect(await readAssignments()).toEqual([{ ...assignment, principalDisplayName: renamed }]);
  await stack.configure({ "entra-access:access": { ...access(group), ownedEntraGroups: { money: group } } });
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);

  // The provider cannot search for names with an apostrophe, so another stack would get a second one of each.
  const other = { "entra-access:access": access({ displayName: renamed }) };
  const { message } = await lab.failure("preview", { config: other });
  expect(message).toMatch(/displayName must not be that of another object .* found "Finance, Owners' Club"/);
  // The provider would say so only while the stack is updated, and not what to do.
  const taken = await lab.failure("preview", {
    config: { "entra-access:access": access({ displayName: "employees" }) },
  });
  expect(taken.message).toMatch(/found "employees", which \S+ has\. .* `npx entra-access up` imports it/);
  const failed = await lab.failure("preview", { config: { "entra-access:application": application } });
  expect(failed.message).toMatch(/displayName must not be that of .*; found "Owners' Access"/);
});
