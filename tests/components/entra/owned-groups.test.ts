import { createOwnedEntraGroups, OwnedEntraGroups } from "../../../components/entra/directory/owned-groups";
import { observed, resources, startProgram } from "../../support/mocks";

beforeEach(startProgram);

test("without groups, there is not even a component", async () => {
  expect([...createOwnedEntraGroups("entra", { groups: {} })]).toEqual([]);
  expect(await resources()).toEqual({});
});

test.each([
  ["Finance", true, ["beforeCreate"]],
  ['Finance & 100 % "more"', true, ["beforeCreate"]],
  ["Finance, Owners' Club", false, ["beforeCreate", "beforeUpdate"]],
])(
  "a second group %j is refused by the provider: %s, and by the hooks %j",
  async (displayName, ...expected) => {
    new OwnedEntraGroups("entra", { groups: { finance: { displayName } } }, observed);
    const { inputs, opts } = (await resources())["entra-group-finance"] ?? {};
    expect([inputs?.preventDuplicateNames, Object.keys(opts?.hooks ?? {})]).toEqual(expected);
  },
);

test("a membership that somebody makes dynamic in Entra does not replace the group", async () => {
  new OwnedEntraGroups("entra", { groups: { finance: { displayName: "Finance" } } }, observed);
  const { opts } = (await resources())["entra-group-finance"] ?? {};
  expect(opts).toMatchObject({ protect: true, ignoreChanges: ["types", "dynamicMembership"] });
});
