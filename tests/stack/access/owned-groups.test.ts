import { contosoUsers } from "../../../twin/seed/people";
import { accessSeed } from "../../support/access-seed";
import {
  type EngineFixture,
  engineTimeout,
  formatChanges,
  startEngineFixture,
} from "../../support/engine-fixture";

jest.setTimeout(engineTimeout);

let lab: EngineFixture;
beforeAll(async () => {
  lab = await startEngineFixture();
  const allowed = "Group.ReadWrite.All";
  lab.twin.reset({
    ...accessSeed,
    tenants: accessSeed.tenants.map((tenant) => ({
      ...tenant,
      principals: tenant.principals.map((one) => ({ ...one, permissions: [...one.permissions, allowed] })),
    })),
  });
});
afterAll(() => lab.close());

const finance = { displayName: "Access Finance", members: [contosoUsers.ada.id] };
const access = (ownedEntraGroups: object) => ({
  assignedOnly: true,
  ownedEntraGroups,
  groups: { finance: { include: { entraGroups: ["Access Finance"] } } },
  policies: { finance: { include: ["finance"] } },
});

test("a group that the stack creates can be used in policies, assigned and changed", async () => {
  const stack = await lab.stack({ config: { "entra-access:access": access({ finance }) } });
  const created = formatChanges((await stack.up()).changes).filter((line) => /group|assignment/.test(line));
  expect(created).toEqual([
    "create access-group-finance",
    "create entra-assignment-Access Finance",
    "create entra-group-finance",
  ]);
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);
  const renewed = { ...finance, members: [contosoUsers.ben.id], description: "Who sees the books" };
  await stack.configure({ "entra-access:access": access({ finance: renewed }) });
  expect(formatChanges((await stack.up()).changes)).toEqual([
    expect.stringMatching(/^update entra-group-finance description members/),
  ]);
  const { graph } = await lab.administrator();
  const { value } = await graph.api("/groups").filter("displayName eq 'Access Finance'").get();
  const members = await graph.api(`/groups/${value[0].id}/members`).get();
  expect(members.value.map(({ id }: { id: string }) => id)).toEqual([contosoUsers.ben.id]);
});
