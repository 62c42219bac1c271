import { assignmentSearch, ownedGroupSearch } from "../../../../ops/recovery/orphans/entra";
import type { SearchContext } from "../../../../ops/recovery/orphans/search";
import { devSeed, startTwin, type Twin } from "../../../../twin/index";
import { contosoGroups } from "../../../../twin/seed/people";
import { connectAdministrator } from "../../../support/administrator";

const NAMES = [
  "Finance, Owners' Club",
  "R&D",
  "100 % + more #1",
  "a=b?c/d\\e",
  'The "best"',
  "Vertrieb Süd 東京",
  "''",
];
const groups = NAMES.map((displayName, index) => ({
  ...contosoGroups.employees,
  id: `7f0c2b1e-4c1e-4c53-9a51-00000000000${index}`,
  displayName,
}));

let twin: Twin;
let context: SearchContext;
beforeAll(async () => {
  const tenants = devSeed.tenants.map((tenant) => ({
    ...tenant,
    groups: [...(tenant.groups ?? []), ...groups],
    principals: tenant.principals.map((one) => ({
      ...one,
      permissions: [...one.permissions, "Group.Read.All"],
    })),
  }));
  twin = await startTwin({ seed: { ...devSeed, tenants } });
  context = {
    clouds: (await connectAdministrator(twin)) as SearchContext["clouds"],
    application: undefined,
    deployedIds: new Set(),
    getDeployerId: async () => "deployer",
    once: async (_key, read) => read(),
  };
});
afterAll(() => twin.close());

test.each(groups)("finds an Entra group with the name $displayName", async ({ id, displayName }) => {
  const settings = { securityEnabled: true };
  expect(await ownedGroupSearch.find(context, { ...settings, displayName })).toMatchObject([{ id }]);
  expect(await ownedGroupSearch.find(context, { ...settings, displayName: `${displayName}x` })).toEqual([]);
});

test("assignments that people gave by hand are looked for in every update", () => {
  expect(assignmentSearch.isMarked?.({})).toBe(true);
});
