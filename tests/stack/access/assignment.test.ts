import { contosoGroups } from "../../../twin/seed/people";
import { accessSeed } from "../../support/access-seed";
import { formatChanges, useEngineFixture } from "../../support/engine-fixture";

const lab = useEngineFixture(accessSeed);

const { employees, engineers } = contosoGroups;
const group = (name: string) => ({ include: { entraGroups: [name] } });
const access = (...names: ("employees" | "engineers")[]) => ({
  assignedOnly: true,
  groups: { employees: group("Employees"), engineers: group("Engineers"), contractors: group("Contractors") },
  policies: { all: { include: names } },
});

test("assigns the groups that policies admit, one change for each, without replacing anything", async () => {
  const stack = await lab.stack({ config: { "entra-access:access": access("employees") } });
  const made = formatChanges((await stack.up()).changes).filter((line) => /assignment|role/.test(line));
  expect(made).toEqual(["create entra-app-role", `create entra-assignment-${employees.id}`]);
  const { servicePrincipalObjectId } = await stack.outputs();
  const { graph } = await lab.administrator();
  const principal = await graph.api(`/servicePrincipals/${servicePrincipalObjectId?.value}`).get();
  expect(principal).toMatchObject({ appRoleAssignmentRequired: true, appRoles: [{ value: "access" }] });
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);

  await stack.configure({ "entra-access:access": access("employees", "engineers") });
  expect(formatChanges((await stack.up()).changes)).toEqual([
    `create entra-assignment-${engineers.id}`,
    expect.stringContaining("update access-policy-all"),
  ]);

  await stack.configure({ "entra-access:access": { ...access("employees"), assignedOnly: false } });
  expect(formatChanges((await stack.up()).changes)).toEqual([
    "delete entra-app-role",
    ...[engineers.id, employees.id].map((id) => `delete entra-assignment-${id}`),
    expect.stringContaining("update access-policy-all"),
    expect.stringContaining("update entra-service-principal appRoleAssignmentRequired"),
  ]);
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);
});
