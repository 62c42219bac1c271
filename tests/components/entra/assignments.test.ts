import { EntraApplication } from "../../../components/entra/application";
import { EntraAssignments } from "../../../components/entra/assignments";
import { observed, resources, startProgram } from "../../support/mocks";

beforeEach(startProgram);

const args = { displayName: "A", teamName: "contoso", clientSecret: { endDate: "2027-05-01T00:00:00Z" } };

test("an application for assigned people has an app role and requires an assignment", async () => {
  const { appRoleId } = new EntraApplication("entra", { ...args, assignedOnly: true }, observed);
  expect(appRoleId).toBeDefined();
  const declared = await resources();
  expect(declared["entra-application"]?.inputs.appRoles).toMatchObject([
    { allowedMemberTypes: ["User"], value: "access", enabled: true },
  ]);
  expect(declared["entra-service-principal"]?.inputs.appRoleAssignmentRequired).toBe(true);
});

test("an application for everybody has no app role", async () => {
  expect(new EntraApplication("entra", args, observed).appRoleId).toBeUndefined();
  expect((await resources())["entra-application"]?.inputs).not.toHaveProperty("appRoles");
});

test("each group is assigned under its own resource name", async () => {
  const groups = new Map([["engineers", "group-id"]]);
  new EntraAssignments("entra", { servicePrincipalObjectId: "sp", appRoleId: "role", groups }, observed);
  expect((await resources())["entra-assignment-engineers"]?.inputs).toEqual({
    appRoleId: "role",
    principalObjectId: "group-id",
    resourceObjectId: "sp",
  });
});
