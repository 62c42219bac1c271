import { deployStack } from "../../../ops/recovery/deploy";
import type { StackError } from "../../../ops/stacks";
import { Progress } from "../../../ops/terminal/progress";
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

  // Somebody has assigned the group by hand.
  await graph.api(`/servicePrincipals/${principal.id}/appRoleAssignedTo`).post({
    principalId: engineers.id,
    resourceId: principal.id,
    appRoleId: principal.appRoles[0].id,
  });
  await stack.configure({ "entra-access:access": access("employees", "engineers") });
  const failed: StackError = await stack.up().catch((error) => error);
  expect(failed.message).toContain("Permission being assigned already exists on the object");
  expect(failed.result.output).toContain("`npx entra-access up test` imports it");
  const { run } = await deployStack(stack, { progress: new Progress({ write: () => true }) });
  expect(formatChanges(run.changes)).toContain(`import entra-assignment-${engineers.id}`);

  await stack.configure({ "entra-access:access": { ...access("employees"), assignedOnly: false } });
  expect(formatChanges((await stack.up()).changes)).toEqual([
    "delete entra-app-role",
    ...[engineers.id, employees.id].map((id) => `delete entra-assignment-${id}`),
    expect.stringContaining("update access-policy-all"),
    expect.stringContaining("update entra-service-principal appRoleAssignmentRequired"),
  ]);
});
