import { contoso } from "../../../twin/index";
import { useGraphAs } from "./graph-fixture";

const { call, client } = useGraphAs(contoso.deployer);

let path: string;
beforeEach(async () => {
  const { body } = await call("POST", "/v1.0/applications", { displayName: "Deployer" });
  path = `/v1.0/applications/${body.id}/federatedIdentityCredentials`;
});

const github = {
  name: "github-production",
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:contoso/access:environment:production",
  audiences: ["api://AzureADTokenExchange"],
};

it("creates, lists and deletes a credential, of which the application shows nothing", async () => {
  const { status, body } = await call("POST", path, github);
  expect(status).toBe(201);
  const { "@odata.context": _, ...created } = body;
  expect(created).toEqual({ ...github, id: expect.any(String), description: null });
  expect((await call("GET", path)).body.value).toEqual([created]);
  const application = await call("GET", path.replace("/federatedIdentityCredentials", ""));
  expect(JSON.stringify(application.body)).not.toContain("repo:contoso");
  expect((await call("DELETE", `${path}/${created.id}`)).status).toBe(204);
  expect((await call("DELETE", `${path}/${created.id}`)).status).toBe(404);
  expect((await call("GET", path)).body.value).toEqual([]);
});

it("reads a credential by id or name, and changes all but its name", async () => {
  const { body } = await call("POST", path, github);
  for (const key of [body.id, github.name])
    expect((await call("GET", `${path}/${key}`)).body).toMatchObject(github);
  const subject = "repo:contoso/access:environment:drift";
  expect((await call("PATCH", `${path}/${body.id}`, { subject })).status).toBe(204);
  expect((await call("GET", `${path}/${body.id}`)).body).toMatchObject({ ...github, subject });
  expect((await call("PATCH", `${path}/${body.id}`, { name: "other" })).status).toBe(400);
  await call("POST", path, { ...github, name: "other" });
  expect((await call("PATCH", `${path}/other`, { subject })).status).toBe(409);
  expect((await call("GET", `${path}/unknown`)).status).toBe(404);
});

it.each([
  ["the same name", { subject: "repo:contoso/other:environment:production" }, 409],
  ["the same issuer and subject", { name: "other" }, 409],
  ["a name with a space", { name: "git hub" }, 400],
  ["an issuer without https", { issuer: "http://token.example" }, 400],
  ["two audiences", { audiences: ["a", "b"] }, 400],
  ["no subject", { subject: undefined }, 400],
  ["an expression", { claimsMatchingExpression: { value: "x", languageVersion: 1 } }, 501],
])("refuses %s", async (_what, change, status) => {
  await call("POST", path, github);
  expect((await call("POST", path, { ...github, ...change })).status).toBe(status);
});

it("refuses the twenty-first", async () => {
  for (let n = 0; n < 20; n++)
    expect((await call("POST", path, { ...github, name: `name-${n}`, subject: `s${n}` })).status).toBe(201);
  expect((await call("POST", path, github)).status).toBe(400);
});

it("refuses those who may only read, and who do not own the application", async () => {
  const auditor = await client().graphAs(contoso.tenantId, contoso.auditor);
  expect((await auditor("GET", path)).status).toBe(200);
  expect((await auditor("POST", path, github)).status).toBe(403);
  const administrator = await client().graphAs(contoso.tenantId, contoso.administrator);
  const { body } = await administrator("POST", "/v1.0/applications", { displayName: "Another" });
  const foreign = `/v1.0/applications/${body.id}/federatedIdentityCredentials`;
  expect((await call("POST", foreign, github)).status).toBe(403);
});
