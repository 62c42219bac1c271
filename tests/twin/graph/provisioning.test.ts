import { contoso, contosoUsers, fabrikam } from "../../../twin/index";
import { GraphInProcess } from "./in-process";

const CUSTOM = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621";
const INSTANTIATE = `/v1.0/applicationTemplates/${CUSTOM}/instantiate`;

let graph: GraphInProcess;
/** Below `/synchronization` of a service principal made from the template. */
let path: string;
let principalId: string;
const all = ["Application.ReadWrite.All", "Synchronization.ReadWrite.All"];
const ask = (method: string, below: string, body?: unknown) =>
  graph.app(...all)(method, `${path}${below}`, body);
const secrets = (...value: [key: string, value: string][]) =>
  ask("PUT", "/secrets", { value: value.map(([key, value]) => ({ key, value })) });
const shown = async () => (await ask("GET", "/secrets")).body.value;
const CREDENTIALS: [string, string][] = [
  ["BaseAddress", "https://contoso.cloudflareaccess.com/scim"],
  ["SecretToken", "scim_not_a_real_secret"],
];

beforeEach(async () => {
  graph = await GraphInProcess.start();
  const { body } = await graph.app(...all)("POST", INSTANTIATE, { displayName: "SCIM" });
  principalId = body.servicePrincipal.id;
  path = `/v1.0/servicePrincipals/${principalId}/synchronization`;
});

describe("the template of applications that are not in the gallery", () => {
  test("is found by name and id with any token", async () => {
    const reader = graph.app();
    const { body } = await reader("GET", "/v1.0/applicationTemplates?$filter=displayName eq 'Custom'");
    expect(body.value).toEqual([expect.objectContaining({ id: CUSTOM, displayName: "Custom" })]);
    const one = await reader("GET", `/v1.0/applicationTemplates/${CUSTOM}`);
    expect(one).toMatchObject({ status: 200, body: { id: CUSTOM } });
  });

  test("creates an application and its service principal, owned by the caller", async () => {
    const owner = graph.app("Application.ReadWrite.OwnedBy");
    const { status, body } = await owner("POST", INSTANTIATE, { displayName: "Mine" });
    expect(status).toBe(201);
    const { application, servicePrincipal } = body;
    const appRoles = [{ displayName: "User" }, { displayName: "msiam_access" }];
    expect(application).toMatchObject({ displayName: "Mine", applicationTemplateId: CUSTOM, appRoles });
    expect(servicePrincipal).toMatchObject({ appId: application.appId, applicationTemplateId: CUSTOM });
    expect(servicePrincipal).not.toHaveProperty("synchronization");
    for (const made of [`applications/${application.id}`, `servicePrincipals/${servicePrincipal.id}`]) {
      expect((await owner("GET", `/v1.0/${made}`)).body).toMatchObject({ applicationTemplateId: CUSTOM });
      expect((await owner("GET", `/v1.0/${made}/owners`)).body.value).toHaveLength(1);
    }
    expect((await owner("DELETE", `/v1.0/applications/${application.id}`)).status).toBe(204);
    expect((await graph.app("Application.Read.All")("POST", INSTANTIATE, {})).status).toBe(403);
  });

  test.each([
    ["POST", INSTANTIATE, {}, 400],
    ["POST", INSTANTIATE, { displayName: "x", tags: [] }, 400],
    ["POST", INSTANTIATE.replace(CUSTOM, contoso.tenantId), { displayName: "x" }, 501],
    ["GET", `/v1.0/applicationTemplates/${contoso.tenantId}`, undefined, 501],
    ["GET", "/v1.0/applicationTemplates?$filter=displayName eq 'Salesforce'", undefined, 501],
    ["GET", "/v1.0/applicationTemplates", undefined, 501],
  ])("%s %s %j is a %i", async (method, target, body, status) => {
    expect((await graph.app(...all)(method, target, body)).status).toBe(status);
  });
});

describe("credentials", () => {
  test("are set together; the secret is masked, and an empty value removes it", async () => {
    expect((await secrets(...CREDENTIALS)).status).toBe(204);
    expect(await shown()).toEqual([
      { key: "BaseAddress", value: "https://contoso.cloudflareaccess.com/scim" },
      { key: "SecretToken", value: "*" },
    ]);
    const logged = JSON.stringify([...graph.tenant().directoryAudits.values()]);
    expect(logged).toContain("BaseAddress");
    expect(logged).not.toContain("scim_not_a_real_secret");
    expect((await secrets(["BaseAddress", ""], ["SecretToken", ""])).status).toBe(204);
    expect(await shown()).toEqual([]);
  });

  test.each([
    [
      "twice the same key",
      [
        ["SyncAll", "True"],
        ["SyncAll", "False"],
      ],
      400,
    ],
    ["a key of another kind", [["Password", "x"]], 501],
    ["the mask for the secret", [["SecretToken", "*"]], 501],
  ] as [string, [string, string][], number][])("%s is a %i", async (_what, pairs, status) => {
    expect((await secrets(...pairs)).status).toBe(status);
    expect(await shown()).toEqual([]);
  });

  test("that exist cannot be omitted", async () => {
    await secrets(...CREDENTIALS);
    expect(await secrets(["SecretToken", "another"])).toMatchObject({
      status: 501,
      body: { error: { message: expect.stringContaining("omitting the existing BaseAddress") } },
    });
  });
});

describe("a job", () => {
  const make = () => ask("POST", "/jobs", { templateId: "scim" });
  const subject = (objectId: string = contosoUsers.ada.id) => ({ objectId, objectTypeName: "User" });

  test("is created disabled, started, paused and deleted", async () => {
    await secrets(...CREDENTIALS);
    const { status, body } = await make();
    expect([status, body]).toMatchObject([
      201,
      { templateId: "scim", schedule: { state: "Disabled" }, status: { code: "NotRun", progress: [] } },
    ]);
    expect((await ask("GET", "/jobs")).body.value).toMatchObject([{ id: body.id }]);
    const read = async () => (await ask("GET", `/jobs/${body.id}`)).body;
    expect(await read()).toEqual(body);
    expect((await ask("POST", `/jobs/${body.id}/start`)).status).toBe(204);
    expect(await read()).toMatchObject({ schedule: { state: "Active", interval: "PT40M" } });
    expect((await ask("POST", `/jobs/${body.id}/pause`)).status).toBe(204);
    expect(await read()).toMatchObject({ schedule: { state: "Paused" }, status: { code: "Paused" } });
    expect((await ask("DELETE", `/jobs/${body.id}`)).status).toBe(204);
    for (const [method, below] of [
      ["GET", ""],
      ["DELETE", ""],
      ["POST", "/start"],
      ["POST", "/pause"],
      ["POST", "/restart"],
      ["POST", "/validateCredentials"],
    ]) {
      const gone = await ask(String(method), `/jobs/${body.id}${below}`);
      expect(gone).toMatchObject({ status: 404, body: { error: { code: "ResourceNotFound" } } });
    }
  });

  test("has a schema with its rule, and the application a template", async () => {
    const { body } = await make();
    const schema = await ask("GET", `/jobs/${body.id}/schema`);
    expect(schema).toMatchObject({
      status: 200,
      body: {
        synchronizationRules: [
          { objectMappings: [{ sourceObjectName: "User" }, { sourceObjectName: "Group" }] },
        ],
      },
    });
    expect((await ask("GET", "/templates")).body.value).toMatchObject([
      { id: "scim", factoryTag: "customappsso" },
    ]);
  });

  test.each<[string, (ruleId: string) => object, number]>([
    ["another rule", () => ({ ruleId: "x", subjects: [subject()] }), 400],
    ["an unknown user", (ruleId) => ({ ruleId, subjects: [subject(contoso.tenantId)] }), 400],
    ["a group", (ruleId) => ({ ruleId, subjects: [{ ...subject(), objectTypeName: "Group" }] }), 501],
    ["two users", (ruleId) => ({ ruleId, subjects: [subject(), subject()] }), 501],
  ])("provisions on demand neither %s", async (_what, build, status) => {
    await secrets(...CREDENTIALS);
    const { body } = await make();
    const { synchronizationRules } = (await ask("GET", `/jobs/${body.id}/schema`)).body;
    const parameters = [build(synchronizationRules[0].id)];
    expect((await ask("POST", `/jobs/${body.id}/provisionOnDemand`, { parameters })).status).toBe(status);
  });

  test("without credentials is not configured, and starting it is answered 501", async () => {
    const { body } = await make();
    expect(body.status.code).toBe("NotConfigured");
    expect((await ask("POST", `/jobs/${body.id}/start`)).status).toBe(501);
    expect((await ask("POST", `/jobs/${body.id}/pause`)).status).toBe(501);
  });

  test("requires an application from the template, and there is at most one", async () => {
    await make();
    expect((await make()).status).toBe(501);
    expect((await ask("POST", "/jobs", { templateId: "customappsso" })).status).toBe(501);
    expect((await ask("POST", "/jobs", {})).status).toBe(400);
    const plain = [...graph.tenant().servicePrincipals.values()].find(
      ({ appId }) => appId === contoso.auditor.appId,
    );
    const elsewhere = `/v1.0/servicePrincipals/${plain?.id}/synchronization/jobs`;
    expect((await graph.app(...all)("POST", elsewhere, { templateId: "scim" })).status).toBe(501);
  });
});

test("requires Microsoft's permissions for provisioning, or those of an owner", async () => {
  const with_ = (...permissions: string[]) => graph.app(...permissions);
  expect((await with_("Application.ReadWrite.All")("GET", `${path}/jobs`)).status).toBe(403);
  expect((await with_("Synchronization.Read.All")("GET", `${path}/jobs`)).status).toBe(200);
  expect((await with_("Synchronization.Read.All")("POST", `${path}/jobs`, {})).status).toBe(403);
  const owner = with_("Application.ReadWrite.OwnedBy");
  expect((await owner("POST", `${path}/jobs`, { templateId: "scim" })).status).toBe(201);
  const principal = graph.tenant().servicePrincipals.get(principalId);
  if (principal) principal.owners = [];
  expect((await owner("PUT", `${path}/secrets`, { value: [] })).status).toBe(403);
  const nobody = path.replace(principalId, fabrikam.tenantId);
  expect((await owner("GET", `${nobody}/secrets`)).status).toBe(404);
});
