import componentIds from "../../../config/graph-permission-ids.json";
import { GRAPH_OPERATIONS } from "../../../twin/graph/app";
import { GRAPH_PERMISSIONS, splitPermissions } from "../../../twin/graph/permissions";

test("has permissions in the table for exactly the served calls", () => {
  const served = new Set(GRAPH_OPERATIONS.map((operation) => operation.call));
  expect([...served].sort()).toEqual(Object.keys(GRAPH_PERMISSIONS.calls).sort());
});

test("lists only permissions that Microsoft Graph has", () => {
  const named = new Set(Object.values(GRAPH_PERMISSIONS.calls).flat().flatMap(splitPermissions));
  // Microsoft's table of calls is ahead of its list of permissions by this one.
  expect([...named].filter((name) => !(name in GRAPH_PERMISSIONS.application))).toEqual([
    "AppRegistration.Create",
  ]);
});

test("lists only served calls and existing delegated permissions for calls on behalf of users", () => {
  const served = GRAPH_OPERATIONS.map((operation) => operation.call);
  const { onBehalfOfUsers, delegated } = GRAPH_PERMISSIONS;
  expect(Object.keys(onBehalfOfUsers).filter((call) => !served.includes(call))).toEqual([]);
  const named = Object.values(onBehalfOfUsers).flat().flatMap(splitPermissions);
  expect(named.filter((name) => !(name in delegated))).toEqual([]);
});

test("uses the same ids of delegated permissions as the stack", () => {
  const ids = Object.entries(GRAPH_PERMISSIONS.delegated).map(([name, [id]]) => [name, id]);
  expect(Object.fromEntries(ids)).toEqual(componentIds);
});
