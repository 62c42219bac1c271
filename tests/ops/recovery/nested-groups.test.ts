import type { ConnectedTenant } from "../../../ops/recovery/inspect";
import { describeNestedGroups } from "../../../ops/recovery/provisioning/nested-groups";

const member = (id: string, displayName: string, type = "group") => ({
  "@odata.type": `#microsoft.graph.${type}`,
  id,
  displayName,
});
const members: Record<string, object[]> = {
  employees: [member("engineers", "Engineers"), member("interns", "Interns"), member("ada", "Ada", "user")],
  engineers: [],
};
const graph = {
  api: (path: string) => ({
    get: async () => ({ value: members[/^\/groups\/(\w+)\/members/.exec(path)?.[1] ?? ""] }),
  }),
};
const tenant = { signIn: "entra", clouds: { graph } } as unknown as ConnectedTenant;
const application = {
  urn: "urn:x::entra-scim-application",
  type: "azuread:index/applicationFromTemplate:ApplicationFromTemplate",
  outputs: { servicePrincipalObjectId: "principal" },
};
const describeState = (entraGroups: object, ...resources: object[]) =>
  describeNestedGroups(
    {
      version: 3,
      deployment: {
        resources: [
          { urn: "s", type: "pulumi:pulumi:Stack", outputs: { entraGroups: { entra: entraGroups } } },
          ...resources,
        ],
      },
    },
    tenant,
  );

it("names the inner groups that no rule names", async () => {
  const [text] = await describeState({ Employees: "employees", Engineers: "engineers" }, application);
  expect(text).toContain("deprovisioning misses those of Interns in Employees. ");
});

it("says nothing where every inner group is provisioned itself, or a person manages provisioning", async () => {
  expect(await describeState({ Engineers: "engineers" }, application)).toEqual([]);
  expect(await describeState({ Employees: "employees" })).toEqual([]);
});
