import { decodeJwt } from "jose";
import { contoso, contosoUsers } from "../../../twin/index";
import type { DirectoryRole } from "../../../twin/store/entra/directory-roles";
import type { SendCall } from "../client";
import { useGraphAs } from "./graph-fixture";

const { client, twin } = useGraphAs(contoso.deployer);
const { ada } = contosoUsers;
const GRAPH = "00000003-0000-0000-c000-000000000000";

/** Calls Graph as Ada, who has these roles, with the token that the Azure CLI prints. */
async function callAs(...roles: DirectoryRole[]): Promise<SendCall> {
  const { tenant, account } = contoso;
  const users = (tenant.users ?? []).map((user) => (user.id === ada.id ? { ...user, roles } : user));
  twin().reset({ tenants: [{ ...tenant, users }], accounts: [account] });
  const token = await twin().issueAzureCliToken(ada.userPrincipalName);
  return (method, path, body) =>
    client().send(method, path, {
      ...(body === undefined ? {} : { body }),
      headers: { authorization: `Bearer ${token}` },
    });
}
const create = (call: SendCall) => call("POST", "/v1.0/applications", { displayName: "Wiki" });
const find = async (call: SendCall, appId: string) =>
  (await call("GET", `/v1.0/servicePrincipals?$filter=appId eq '${appId}'`)).body.value[0].id;

describe("a person who signs in with the Azure CLI", () => {
  it("has its delegated permissions and their own roles in the token", async () => {
    await callAs("Cloud Application Administrator");
    const claims = decodeJwt(await twin().issueAzureCliToken(ada.userPrincipalName));
    expect(claims).toMatchObject({
      appid: "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
      oid: ada.id,
      upn: ada.userPrincipalName,
      scp: expect.stringContaining("Application.ReadWrite.All "),
      wids: ["158c047a-c907-4556-b7ef-446551a6b5f7"],
    });
    expect(() => twin().issueAzureCliToken("nobody@contoso.example")).toThrow("no tenant has nobody");
  });

  it("reads applications, groups and people without a role, as every member does", async () => {
    const call = await callAs();
    for (const path of ["applications", "servicePrincipals", "groups", "users", "oauth2PermissionGrants"])
      expect([path, (await call("GET", `/v1.0/${path}`)).status]).toEqual([path, 200]);
    expect((await call("GET", "/v1.0/auditLogs/directoryAudits")).status).toBe(403);
  });

  it.each<[DirectoryRole, number]>([
    ["Application Administrator", 201],
    ["Cloud Application Administrator", 201],
    ["Global Administrator", 201],
    // A member without such a role may be allowed to by the tenant.
    ["Global Reader", 501],
    ["Groups Administrator", 501],
  ])("as %s creates an application: %i", async (role, status) => {
    expect((await create(await callAs(role))).status).toBe(status);
  });

  it("does not become the owner of what a role let them create", async () => {
    const call = await callAs("Cloud Application Administrator");
    const { body } = await create(call);
    expect((await call("GET", `/v1.0/applications/${body.id}/owners`)).body.value).toEqual([]);
  });

  it.each<[DirectoryRole, number]>([
    ["Cloud Application Administrator", 204],
    ["Global Reader", 403],
  ])("as %s changes an application of others: %i", async (role, status) => {
    const call = await callAs(role);
    const deployer = await client().graphAs(contoso.tenantId, contoso.deployer);
    const { body } = await create(deployer);
    const path = `/v1.0/applications/${body.id}`;
    expect((await call("PATCH", path, { displayName: "Other" })).status).toBe(status);
  });

  it.each<[DirectoryRole, number]>([
    ["Cloud Application Administrator", 403],
    ["Privileged Role Administrator", 201],
    ["Global Administrator", 201],
  ])("as %s consents to an application permission of Microsoft Graph: %i", async (role, status) => {
    const call = await callAs(role);
    const [principalId, resourceId] = [await find(call, contoso.deployer.appId), await find(call, GRAPH)];
    const body = { principalId, resourceId, appRoleId: "df021288-bdef-4463-88db-98f22de89214" };
    expect((await call("POST", `/v1.0/servicePrincipals/${resourceId}/appRoleAssignedTo`, body)).status).toBe(
      status,
    );
  });

  it("does not reach Conditional Access whatever their role, for lack of a delegated permission", async () => {
    const call = await callAs("Conditional Access Administrator", "Global Administrator");
    expect((await call("GET", "/v1.0/identity/conditionalAccess/policies")).status).toBe(403);
  });

  it("is a caller whom the log of requests names", async () => {
    const call = await callAs();
    await call("GET", "/v1.0/groups");
    expect(twin().requests.at(-1)?.caller).toBe(ada.userPrincipalName);
  });
});
