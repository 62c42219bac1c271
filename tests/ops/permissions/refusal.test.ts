import { explainRefusal, findRefusedPermission } from "../../../ops/permissions/refusal";
import { buildProviderEnvironment } from "../../../ops/stacks/environment";
import { contoso, startTwin, type Twin } from "../../../twin/index";

let twin: Twin;
beforeAll(async () => {
  twin = await startTwin();
});
afterAll(() => twin.close());

const refused = Object.assign(new Error("Insufficient privileges to complete the operation."), {
  statusCode: 403,
  code: "Authorization_RequestDenied",
});
const settingsOf = (principal: { appId: string; secret: string }, config: Record<string, string> = {}) => ({
  config,
  env: buildProviderEnvironment(twin, {
    tenantId: contoso.tenantId,
    clientId: principal.appId,
    clientSecret: principal.secret,
    apiToken: contoso.tokens.deployer.value,
  }),
});

it("names what the application lacks on Microsoft Graph, with the commands that grant it", async () => {
  const { auditor } = contoso;
  expect(await explainRefusal(refused, "deploy", async () => settingsOf(auditor))).toBe(
    `The application ${auditor.appId} lacks Application.ReadWrite.OwnedBy, DelegatedPermissionGrant.ReadWrite.All on Microsoft Graph: ` +
      `az ad app permission add --id ${auditor.appId} --api 00000003-0000-0000-c000-000000000000 --api-permissions ` +
      "18a4783c-866b-4cc7-a460-3d5e5662c884=Role 8e8e4742-1d95-4f68-9d56-6ee75648c72a=Role && " +
      `az ad app permission admin-consent --id ${auditor.appId}`,
  );
});

it("names what the settings need in addition", async () => {
  const access = JSON.stringify({ groups: { staff: { include: { entraGroups: ["Staff"] } } } });
  const settings = settingsOf(contoso.deployer, { "entra-access:access": access });
  expect(await explainRefusal(refused, "deploy", async () => settings)).toContain(
    " lacks GroupMember.Read.All on ",
  );
});

it("says nothing where all permissions are there, where it can't find out, and of other errors", async () => {
  const deployer = async () => settingsOf(contoso.deployer);
  const stranger = async () => settingsOf({ ...contoso.deployer, secret: "another" });
  expect(await explainRefusal(refused, "deploy", deployer)).toBeUndefined();
  expect(await explainRefusal(refused, "deploy", stranger)).toBeUndefined();
  expect(await explainRefusal(new Error("no space left on device"), "deploy", deployer)).toBeUndefined();
});

const format = (method: string, path: string, status = "403 Forbidden") =>
  `creating: ${method} "https://api.cloudflare.com/client/v4/accounts/${contoso.accountId}${path}": ${status} Cloudflare 10000: Authentication error`;

it.each([
  ["GET", "/access/organizations", "Access: Organizations, Identity Providers, and Groups Read"],
  ["PUT", "/access/groups/1", "Access: Organizations, Identity Providers, and Groups Write"],
  ["POST", "/access/policies", "Access: Apps and Policies Write"],
  ["DELETE", "/access/apps/1", "Access: Apps and Policies Write"],
  ["GET", "/gateway/rules/1", "Zero Trust Read"],
  ["POST", "/zerotrust/routes/hostname", "Cloudflare Tunnel Write"],
  ["POST", "/teamnet/routes", "Cloudflare Tunnel Write"],
])("finds the permission that %s %s needs", (method, path, permission) => {
  expect(findRefusedPermission(format(method, path))).toBe(permission);
});

it("finds none for another status or address", () => {
  expect(findRefusedPermission(format("POST", "/access/apps", "400 Bad Request"))).toBeUndefined();
  expect(findRefusedPermission(format("POST", "/dns_records"))).toBeUndefined();
});
