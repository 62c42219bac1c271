import type { GraphApi } from "../../stand-ins/azuread/microsoft-graph/client";
import type { StandIn } from "../../stand-ins/bridge/stand-in";
import { contoso, fabrikam } from "../../twin/index";
import { contosoGroups, contosoUsers } from "../../twin/seed/people";
import {
  APPLICATION,
  createResource,
  getCallerId,
  SERVICE_PRINCIPAL,
  SOME_GUID,
  type StandInFixture,
  signInStandIn,
  startStandInFixture,
  urn,
} from "./stand-in-fixture";

const GROUP = "azuread:index/group:Group";
const ASSIGNMENT = "azuread:index/appRoleAssignment:AppRoleAssignment";
const { engineers, employees } = contosoGroups;
let lab: StandInFixture;
let standIn: StandIn<GraphApi>;
beforeAll(async () => {
  lab = await startStandInFixture();
});
beforeEach(async () => {
  const more = ["Group.ReadWrite.All", "Directory.Read.All", "AppRoleAssignment.ReadWrite.All"];
  const deployer = { ...contoso.deployer, permissions: [...contoso.deployer.permissions, ...more] };
  const twin = { id: SOME_GUID, displayName: engineers.displayName, members: [] };
  const tenant = { ...contoso.tenant, principals: [deployer], groups: [...contoso.tenant.groups, twin] };
  lab.twin.reset({ tenants: [tenant, fabrikam.tenant], accounts: [contoso.account] });
  lab.wire.faults = [];
  standIn = await signInStandIn(lab);
});
afterAll(() => lab.close());

describe("a group", () => {
  const wanted = { displayName: "Access Finance", securityEnabled: true, preventDuplicateNames: true };

  test("is created like by the real plugin, owned by the caller", async () => {
    const { id, outputs, inputs } = await createResource(standIn, GROUP, wanted);
    const beta = `/beta${id}`;
    expect(lab.wire.sent[1]?.body).toMatchObject({
      displayName: "Access Finance",
      mailEnabled: false,
      mailNickname: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]$/),
      "owners@odata.bind": [`${lab.twin.microsoftUrl}/beta/directoryObjects/${await getCallerId(standIn)}`],
    });
    expect([...new Set(lab.wire.calls())]).toEqual([
      "GET /beta/groups?$filter=displayName eq 'Access Finance'",
      "POST /beta/groups",
      `PATCH ${beta}`,
      `GET ${beta}`,
      `GET ${beta}/owners`,
      `GET ${beta}/members`,
      `GET ${beta}/memberOf`,
    ]);
    expect(outputs).toMatchObject({
      objectId: id.split("/")[2],
      owners: [await getCallerId(standIn)],
      members: [],
    });
    expect((await standIn.diff(urn(GROUP), outputs, inputs)).size).toBe(0);
  });

  test("adds and removes members", async () => {
    const [ada, ben] = [contosoUsers.ada.id, contosoUsers.ben.id];
    const { id, outputs, inputs } = await createResource(standIn, GROUP, { ...wanted, members: [ada] });
    expect(outputs.members).toEqual([ada]);
    expect(lab.wire.sent.map(({ body }) => body)).toContainEqual({
      "@odata.id": `${lab.twin.microsoftUrl}/beta/directoryObjects/${ada}`,
    });
    const after = await standIn.update(urn(GROUP), id, outputs, { ...inputs, members: [ben] }, false);
    expect(after.members).toEqual([ben]);
  });

  test("is refused with a taken name, and fails to delete if it is gone", async () => {
    const taken = { ...wanted, displayName: employees.displayName };
    await expect(createResource(standIn, GROUP, taken)).rejects.toThrow(`(ID: "${employees.id}") was found`);
    const { id, outputs } = await createResource(standIn, GROUP, wanted);
    await standIn.delete(urn(GROUP), id, outputs);
    await expect(standIn.delete(urn(GROUP), id, outputs)).rejects.toThrow("was not found");
  });

  test("refuses settings of Microsoft 365 groups", () => {
    const { failures } = standIn.check(urn(GROUP), { ...wanted, types: ["Unified"] });
    expect(failures[0]).toContain("does not support this property");
    const none = standIn.check(urn(GROUP), { displayName: "x" }).failures;
    expect(none[0]).toContain("`mail_enabled,security_enabled` must be specified");
  });
});

describe("getGroups", () => {
  const getGroups = "azuread:index/getGroups:getGroups";

  test("escapes an apostrophe, which no check for duplicates does, like the plugin", async () => {
    const displayName = "Finance, Owners' Club";
    const group = { displayName, securityEnabled: true };
    const { outputs } = await createResource(standIn, GROUP, group);
    const found = await standIn.invoke(getGroups, { displayNames: [displayName] });
    expect(found.outputs.objectIds).toEqual([outputs.objectId]);
    const refusal = "Invalid filter clause: Syntax error";
    for (const [type, given] of [
      [GROUP, group],
      [APPLICATION, { displayName }],
    ] as const)
      await expect(createResource(standIn, type, { ...given, preventDuplicateNames: true })).rejects.toThrow(
        refusal,
      );
  });

  test("finds by name, id and prefix", async () => {
    const byName = await standIn.invoke(getGroups, { displayNames: ["employees"] });
    expect(byName.outputs.objectIds).toEqual([employees.id]);
    const byId = await standIn.invoke(getGroups, { objectIds: [employees.id, engineers.id] });
    expect(byId.outputs.displayNames).toEqual(["Employees", "Engineers"]);
    const { outputs } = await standIn.invoke(getGroups, { displayNamePrefix: "Eng" });
    expect(outputs.objectIds).toEqual([engineers.id, SOME_GUID]);
  });

  test.each([
    ["none of a name", getGroups, { displayNames: ["Nobody"] }, 'No group found with display name: "Nobody"'],
    [
      "two of a name",
      getGroups,
      { displayNames: ["Engineers"] },
      'More than one group found with display name: "E',
    ],
    ["none of an id", getGroups, { objectIds: [contoso.tenantId] }, "No group found with object ID"],
    [
      "none of a prefix",
      getGroups,
      { displayNamePrefix: "Zz" },
      'No groups found with display name prefix: "Zz"',
    ],
  ])("%s is an error", async (_what, token, args, message) => {
    await expect(standIn.invoke(token, args)).rejects.toThrow(message);
  });

  test("can ignore missing groups, and require exactly one argument", async () => {
    const args = { objectIds: [contoso.tenantId, employees.id], ignoreMissing: true };
    expect((await standIn.invoke(getGroups, args)).outputs.objectIds).toEqual([employees.id]);
    const { failures } = await standIn.invoke(getGroups, { displayNamePrefix: "x", displayNames: ["x"] });
    expect(failures[0]).toContain("but `display_name_prefix,display_names` were specified.");
  });
});

test("creates and reads an assignment, and replaces it for any change", async () => {
  const role = {
    id: SOME_GUID,
    allowedMemberTypes: ["User"],
    description: "d",
    displayName: "n",
    enabled: true,
  };
  const owners = [await getCallerId(standIn)];
  const application = await createResource(standIn, APPLICATION, {
    displayName: "A",
    appRoles: [role],
    owners,
  });
  const { clientId } = application.outputs;
  const { outputs: principal } = await createResource(standIn, SERVICE_PRINCIPAL, { clientId, owners });
  lab.wire.calls();
  const wanted = {
    appRoleId: SOME_GUID,
    principalObjectId: engineers.id,
    resourceObjectId: principal.objectId,
  };
  const { id, outputs, inputs } = await createResource(standIn, ASSIGNMENT, wanted);
  const at = `/v1.0/servicePrincipals/${principal.objectId}`;
  expect(lab.wire.calls()).toEqual([`GET ${at}`, `POST ${at}/appRoleAssignedTo`, `GET /v1.0${id}`]);
  expect(outputs).toMatchObject({ principalDisplayName: "Engineers", principalType: "Group" });
  const news = { ...inputs, principalObjectId: employees.id };
  const diff = await standIn.diff(urn(ASSIGNMENT), outputs, news);
  expect([...diff]).toEqual([["principalObjectId", { kind: "update", replace: true }]]);
  await standIn.delete(urn(ASSIGNMENT), id, outputs);
  expect(await standIn.read(urn(ASSIGNMENT), id, outputs, inputs)).toBeUndefined();
});
