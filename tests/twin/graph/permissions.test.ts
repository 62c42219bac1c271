import componentIds from "../../../config/graph-permission-ids.json";
import { OPERATIONS } from "../../../twin/graph/app";
import { allOf, PERMISSIONS } from "../../../twin/graph/permissions";

test("every call that is served has its permissions in the table, and the table has no other", () => {
  const served = new Set(OPERATIONS.map((operation) => operation.call));
  expect([...served].sort()).toEqual(Object.keys(PERMISSIONS.calls).sort());
});

test("the table names permissions that Microsoft Graph has", () => {
  const named = new Set(Object.values(PERMISSIONS.calls).flat().flatMap(allOf));
  // Microsoft's table of calls is ahead of its list of permissions by this one.
  expect([...named].filter((name) => !(name in PERMISSIONS.application))).toEqual(["AppRegistration.Create"]);
});

test("calls on behalf of users are served, by delegated permissions that Microsoft Graph has", () => {
  const served = OPERATIONS.map((operation) => operation.call);
  const { onBehalfOfUsers, delegated } = PERMISSIONS;
  expect(Object.keys(onBehalfOfUsers).filter((call) => !served.includes(call))).toEqual([]);
  const named = Object.values(onBehalfOfUsers).flat().flatMap(allOf);
  expect(named.filter((name) => !(name in delegated))).toEqual([]);
});

test("the twin and the stack call delegated permissions by the same ids", () => {
  const ids = Object.entries(PERMISSIONS.delegated).map(([name, [id]]) => [name, id]);
  expect(Object.fromEntries(ids)).toEqual(componentIds);
});
