import { contoso, startTwin, type Twin } from "../../../twin/index";
import { type SendCall, TwinClient } from "../client";

const PATH = "/identity_providers";
const config = { client_id: "id", client_secret: "not-a-real-secret", directory_id: contoso.tenantId };
const entra = { name: "Entra ID", type: "azureAD", config };

let twin: Twin;
let client: TwinClient;
let call: SendCall;
beforeAll(async () => {
  twin = await startTwin();
  client = new TwinClient(twin);
  call = client.accessAs(contoso.accountId, contoso.tokens.deployer.value);
});
beforeEach(() => twin.reset());
afterAll(async () => {
  await client.close();
  await twin.close();
});

const pin = { name: "One-time PIN", type: "onetimepin", config: {} };

test("has no settings except the redirect URL, and is renamed and deleted", async () => {
  const { body, status } = await call("POST", PATH, pin);
  expect(status).toBe(201);
  const redirect_url = "https://contoso.cloudflareaccess.com/cdn-cgi/access/callback";
  expect(body.result).toMatchObject({ ...pin, config: { redirect_url }, scim_config: {} });
  const { id } = body.result;
  const renamed = await call("PUT", `${PATH}/${id}`, { ...body.result, name: "PIN" });
  expect(renamed).toMatchObject({ status: 200, body: { result: { id, name: "PIN", type: "onetimepin" } } });
  expect((await call("GET", `${PATH}?scim_enabled=true`)).body.result).toEqual([]);
  expect((await call("DELETE", `${PATH}/${id}`)).status).toBe(202);
  expect((await call("POST", PATH, pin)).status).toBe(201);
});

test.each([
  ["SCIM", { scim_config: { enabled: false } }, 400],
  ["settings of Entra", { config: { client_id: "x" } }, 501],
  ["no settings at all", { config: undefined }, 400],
])("takes none: %s", async (_what, change, status) => {
  expect((await call("POST", PATH, { ...pin, ...change })).status).toBe(status);
});

test("answers 501 for a second one, and refuses to change the type", async () => {
  const { id } = (await call("POST", PATH, pin)).body.result;
  expect((await call("POST", PATH, pin)).status).toBe(501);
  const made = (await call("POST", PATH, entra)).body.result;
  expect((await call("PUT", `${PATH}/${id}`, entra)).status).toBe(400);
  expect((await call("PUT", `${PATH}/${made.id}`, pin)).status).toBe(400);
});
