import { createHash } from "node:crypto";
import { contoso, type Snapshot, startTwin, type Twin } from "../../../twin/index";
import { type SendCall, TwinClient } from "../client";

let twins: { twin: Twin; client: TwinClient }[];
beforeAll(async () => {
  twins = await Promise.all(
    [1, 2].map(async () => {
      const twin = await startTwin({ control: true });
      return { twin, client: new TwinClient(twin) };
    }),
  );
});
beforeEach(() => {
  for (const { twin } of twins) twin.reset();
});
afterAll(async () => {
  for (const { twin, client } of twins) {
    await client.close();
    await twin.close();
  }
});

const first = () => twins[0] as { twin: Twin; client: TwinClient };
const second = () => twins[1] as { twin: Twin; client: TwinClient };
const access = (client: TwinClient) => client.accessAs(contoso.accountId, contoso.tokens.deployer.value);

/** Creates the objects of a stack: an application with service principal and secret, and an identity provider. */
async function build(client: TwinClient) {
  const graph = await client.graphAs(contoso.tenantId, contoso.deployer);
  const { body: app } = await graph("POST", "/v1.0/applications", { displayName: "Kept" });
  await graph("POST", "/v1.0/servicePrincipals", { appId: app.appId });
  const { body: secret } = await graph("POST", `/v1.0/applications/${app.id}/addPassword`, {});
  const config = { client_id: app.appId, client_secret: secret.secretText, directory_id: contoso.tenantId };
  const body = { name: "Entra", type: "azureAD", config, scim_config: { enabled: true } };
  const { body: provider } = await access(client)("POST", "/identity_providers", body);
  return { app, secret: secret.secretText as string, provider: provider.result };
}
const comparable = async (graph: SendCall, id: string) =>
  JSON.stringify((await graph("GET", `/v1.0/applications/${id}`)).body).replaceAll(
    /localhost:\d+/g,
    "localhost",
  );

test("restores ids, secrets and settings in another twin", async () => {
  const { app, secret, provider } = await build(first().client);
  second().twin.restore(JSON.parse(JSON.stringify(first().twin.snapshot())));
  const graphs = await Promise.all(
    [first(), second()].map(({ client }) => client.graphAs(contoso.tenantId, contoso.deployer)),
  );
  const [there, here] = await Promise.all(graphs.map((graph) => comparable(graph, app.id)));
  expect(here).toBe(there);
  const read = ({ client }: { client: TwinClient }) =>
    access(client)("GET", `/identity_providers/${provider.id}`);
  expect(await read(second())).toEqual(await read(first()));
  const fields = { client_id: app.appId, client_secret: secret };
  expect((await second().client.token(contoso.tenantId, fields)).status).toBe(200);
});

test("is not affected by later changes, which restoring undoes", async () => {
  const { twin, client } = first();
  const { app, provider } = await build(client);
  const snapshot = twin.snapshot();
  const graph = await client.graphAs(contoso.tenantId, contoso.deployer);
  await graph("DELETE", `/v1.0/applications/${app.id}`);
  await access(client)("DELETE", `/identity_providers/${provider.id}`);
  twin.restore(snapshot);
  twin.restore(snapshot);
  expect((await graph("GET", `/v1.0/applications/${app.id}`)).status).toBe(200);
  expect((await access(client)("GET", `/identity_providers/${provider.id}`)).status).toBe(200);
});

test("contains clock, faults and the delay of secrets", () => {
  const { twin } = first();
  twin.clock.advance(3600);
  twin.secretDelaySeconds = 7;
  twin.tokenReplicas = 3;
  const fault = { on: { service: "login" }, effect: { kind: "reset", when: "after" } } as const;
  twin.faults.add(fault);
  const snapshot = twin.snapshot();
  twin.reset();
  twin.faults.add({ on: {}, effect: { kind: "error", status: 500 } });
  twin.restore(snapshot);
  expect(twin.clock.offset).toBe(3_600_000);
  expect(twin.secretDelaySeconds).toBe(7);
  expect(twin.tokenReplicas).toBe(3);
  expect(twin.faults.list).toMatchObject([{ fault }]);
});

test("removes objects that are not in it", async () => {
  const { twin, client } = first();
  twin.reset({ tenants: [], accounts: [contoso.account] });
  const snapshot = twin.snapshot();
  twin.reset();
  twin.restore(snapshot);
  const { appId: client_id, secret: client_secret } = contoso.deployer;
  const { body } = await client.token(contoso.tenantId, { client_id, client_secret });
  expect(body.error_codes).toEqual([90002]);
});

test("contains no secret except Cloudflare's copy", async () => {
  const { secret } = await build(first().client);
  const text = JSON.stringify(first().twin.snapshot());
  expect(text.split(secret)).toHaveLength(2);
  const { deployer, tokens } = contoso;
  for (const hidden of [deployer.secret, tokens.deployer.value, "scim_"]) expect(text).not.toContain(hidden);
});

test("is the same over HTTP", async () => {
  const { app } = await build(first().client);
  const url = `${first().twin.controlUrl}/snapshot`;
  const file = await (await fetch(url)).text();
  expect(JSON.parse(file)).toEqual(first().twin.snapshot());
  first().twin.reset();
  expect((await fetch(url, { method: "PUT", body: file })).status).toBe(200);
  const graph = await first().client.graphAs(contoso.tenantId, contoso.deployer);
  expect((await graph("GET", `/v1.0/applications/${app.id}`)).status).toBe(200);
});

/** Replaces the contents of a snapshot, with a matching digest. */
function forged(snapshot: Snapshot, contents: Record<string, unknown>): Snapshot {
  const digest = createHash("sha256").update(JSON.stringify(contents)).digest("hex");
  return { ...snapshot, contents, digest };
}

test.each<[string, (snapshot: Snapshot) => unknown, RegExp]>([
  ["nothing", () => undefined, /invalid snapshot/],
  ["of another format", (s) => ({ ...s, version: 2 }), /at version/],
  ["with a member too many", (s) => ({ ...s, extra: 1 }), /extra/],
  ["that was edited", (s) => ({ ...s, contents: { ...s.contents, accounts: { $map: [] } } }), /damaged/],
  ["with a map that is none", (s) => forged(s, { ...s.contents, accounts: { $map: 1 } }), /damaged/],
  ["without accounts", (s) => forged(s, { tenants: s.contents.tenants }), /another version/],
  ["with a list for accounts", (s) => forged(s, { ...s.contents, accounts: [] }), /another version/],
  [
    "whose tenants have no users",
    (s) => forged(s, JSON.parse(JSON.stringify(s.contents).replaceAll('"users":', '"people":'))),
    /another version/,
  ],
  ["with a fault that is none", (s) => ({ ...s, faults: [{ on: {} }] }), /faults\[0\]/],
])("a snapshot %s is refused with the cause, and changes nothing", (_case, spoil, cause) => {
  const { twin } = first();
  twin.clock.advance(60);
  const before = twin.snapshot();
  expect(() => twin.restore(spoil(before))).toThrow(cause);
  expect(twin.snapshot()).toEqual(before);
});
