import * as pulumi from "@pulumi/pulumi";
import { EntraApplication } from "../../../components/entra/application";
import { selectAssignedGroups } from "../../../components/entra/assignments";
import { parseAccess } from "../../support/access-config";
import { answers, microsoftGraph, observed, resolved, resources, startProgram } from "../../support/mocks";

beforeEach(startProgram);

const args = { displayName: "A", teamName: "contoso", clientSecret: { endDate: "2027-05-01T00:00:00Z" } };
const assignedGroups = { engineers: "group-id" };
/** Sets the directory's service principal of the application. */
const setExisting = (...objectIds: string[]) => {
  answers["azuread:index/getServicePrincipals:getServicePrincipals"] = {
    servicePrincipals: [microsoftGraph],
    objectIds,
  };
};

describe("an application for assigned people", () => {
  it("has an app role, requires assignment and assigns each group", async () => {
    setExisting();
    new EntraApplication("entra", { ...args, assignedGroups }, observed);
    const declared = await resources();
    expect(declared["entra-application"]?.inputs.appRoles).toMatchObject([
      { allowedMemberTypes: ["User"], value: "access", enabled: true },
    ]);
    expect(declared["entra-service-principal"]?.inputs.appRoleAssignmentRequired).toBe(true);
    expect(declared["entra-assignment-engineers"]?.inputs).toEqual({
      appRoleId: "6b1a7e52-3f0c-4d6a-9a53-0e2f8c1d7b94",
      principalObjectId: "group-id",
      resourceObjectId: "entra-service-principal-object",
    });
  });

  it("changes an existing service principal only after every assignment", async () => {
    setExisting("existing-object");
    const application = new EntraApplication("entra", { ...args, assignedGroups }, observed);
    const declared = await resources();
    const names = Object.keys(declared);
    expect(names.indexOf("entra-service-principal")).toBeGreaterThan(
      names.indexOf("entra-assignment-engineers"),
    );
    expect(declared["entra-assignment-engineers"]?.inputs.resourceObjectId).toBe("existing-object");
    expect(declared["entra-admin-consent"]?.inputs.servicePrincipalObjectId).toBe("existing-object");
    expect(await resolved(application.servicePrincipalObjectId)).toBe("existing-object");
  });
});

test("an application for everybody gets no app role, and keeps one that it had", async () => {
  new EntraApplication("entra", args, observed);
  const declared = await resources();
  expect(declared["entra-application"]?.inputs).not.toHaveProperty("appRoles");
  expect(declared["entra-application"]?.opts.ignoreChanges).toContain("appRoles");
});

describe("selectAssignedGroups", () => {
  it("names a group by what does not change: its object id, or its name in the settings", () => {
    const created = pulumi.output("finance-id");
    const objectIds = new Map<string, pulumi.Input<string>>([
      ["Employees", "e-id"],
      ["e-id", "e-id"],
      ["Access Finance", created],
    ]);
    const include = { entraGroups: ["Employees", "e-id", "Access Finance"] };
    const access = parseAccess({
      groups: { staff: { include } },
      policies: { staff: { include: ["staff"] } },
      ownedEntraGroups: { finance: { displayName: "Access Finance" } },
    });
    expect(selectAssignedGroups(access, "entra", { entra: objectIds })).toEqual([
      { name: "finance", objectId: created, formerName: "Access Finance" },
      { name: "e-id", objectId: "e-id" },
    ]);
  });
});
