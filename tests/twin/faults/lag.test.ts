import { contoso, type Fault } from "../../../twin/index";
import { useGraphAs } from "../graph/graph-fixture";

const lab = useGraphAs(contoso.deployer);
const APPLICATIONS = "/v1.0/applications";
const PRINCIPALS = "/v1.0/servicePrincipals";

/** A replica of Graph that is behind for some answers to calls that match. */
const lag = (on: Omit<Fault["on"], "service">, answers: number) =>
  lab.twin().faults.add({ on: { service: "graph", ...on }, effect: { kind: "lag", answers } });
const create = async (displayName = "Late") =>
  (await lab.call("POST", APPLICATIONS, { displayName })).body as { id: string; appId: string };
const used = () => lab.twin().faults.list.map(({ used }) => used);

test("hides new objects from so many reads and lists", async () => {
  lag({ method: "GET" }, 3);
  const { id } = await create();
  const read = () => lab.call("GET", `${APPLICATIONS}/${id}`);
  expect(await read()).toMatchObject({ status: 404, body: { error: { code: "Request_ResourceNotFound" } } });
  const list = await lab.call("GET", `${APPLICATIONS}?$filter=displayName eq 'Late'`);
  expect(list.body.value).toEqual([]);
  expect((await read()).status).toBe(404);
  expect((await read()).status).toBe(200);
  expect(used()).toEqual([3]);
});

test("counts only stale answers", async () => {
  const old = await create("Known");
  lag({ method: "GET" }, 1);
  const { id } = await create();
  expect((await lab.call("GET", `${APPLICATIONS}/${old.id}`)).status).toBe(200);
  expect(used()).toEqual([0]);
  expect((await lab.call("GET", `${APPLICATIONS}/${id}`)).status).toBe(404);
  expect(used()).toEqual([1]);
});

test("shows old values and deleted objects", async () => {
  const { id } = await create("Before");
  const name = async () => (await lab.call("GET", `${APPLICATIONS}/${id}`)).body.displayName;
  lag({ method: "GET" }, 1);
  await lab.call("PATCH", `${APPLICATIONS}/${id}`, { displayName: "After" });
  expect([await name(), await name()]).toEqual(["Before", "After"]);
  const secrets = async () =>
    (await lab.call("GET", `${APPLICATIONS}/${id}`)).body.passwordCredentials.length;
  await lab.call("POST", `${APPLICATIONS}/${id}/addPassword`, {});
  expect([await secrets(), await secrets()]).toEqual([0, 1]);
  await lab.call("DELETE", `${APPLICATIONS}/${id}`);
  expect([await name(), await name()]).toEqual(["After", undefined]);
});

test("refuses writes that refer to new objects with Graph's error, without effect", async () => {
  lag({ method: "PATCH" }, 1);
  const { id, appId } = await create();
  const patch = () => lab.call("PATCH", `${APPLICATIONS}/${id}`, { displayName: "Changed" });
  expect((await patch()).status).toBe(404);
  expect((await lab.call("GET", `${APPLICATIONS}/${id}`)).body.displayName).toBe("Late");
  expect((await patch()).status).toBe(204);

  lab.twin().faults.clear();
  lag({ method: "POST", path: PRINCIPALS }, 1);
  await create("Other");
  expect((await lab.call("POST", PRINCIPALS, { appId })).status).toBe(201);
  const other = await create("Third");
  const refused = await lab.call("POST", PRINCIPALS, { appId: other.appId });
  expect(refused.status).toBe(400);
  expect(refused.body.error.message).toContain("does not reference a valid application object");
  expect((await lab.call("POST", PRINCIPALS, { appId: other.appId })).status).toBe(201);
});

test("reports the usual error of a failing write, and stays stale", async () => {
  lag({ method: "PATCH" }, 1);
  const { id } = await create();
  expect((await lab.call("PATCH", `${APPLICATIONS}/${id}`, { displayNam: "x" })).status).toBe(400);
  expect(used()).toEqual([0]);
  expect((await lab.call("PATCH", `${APPLICATIONS}/${id}`, { displayName: "x" })).status).toBe(404);
});

test("ends a lag in seconds by the twin's clock only", async () => {
  lab.twin().faults.add({ on: { service: "graph" }, effect: { kind: "lag", seconds: 30 } });
  const { id } = await create();
  const read = async () => (await lab.call("GET", `${APPLICATIONS}/${id}`)).status;
  expect([await read(), await read()]).toEqual([404, 404]);
  lab.twin().clock.advance(29);
  expect(await read()).toBe(404);
  lab.twin().clock.advance(2);
  expect(await read()).toBe(200);
});

test("counts the time from the first missed write, not from reads, refusals or writes of other services", async () => {
  lab.twin().faults.add({ on: { service: "graph" }, effect: { kind: "lag", seconds: 30 } });
  const { appId: client_id, secret: client_secret } = contoso.deployer;
  const before = [
    await lab.call("GET", APPLICATIONS),
    await lab.call("PATCH", `${APPLICATIONS}/unknown`, {}),
    await lab.client().token(contoso.tenantId, { client_id, client_secret }),
  ];
  expect(before.map(({ status }) => status)).toEqual([200, 404, 200]);
  lab.twin().clock.advance(20);
  const { id } = await create();
  lab.twin().clock.advance(20);
  expect((await lab.call("GET", `${APPLICATIONS}/${id}`)).status).toBe(404);
});

test("applies a write that both can do once, and stays stale", async () => {
  const { id } = await create("Before");
  lag({}, 1);
  await create("Other");
  expect((await lab.call("PATCH", `${APPLICATIONS}/${id}`, { displayName: "After" })).status).toBe(204);
  const name = async () => (await lab.call("GET", `${APPLICATIONS}/${id}`)).body.displayName;
  expect([await name(), await name()]).toEqual(["Before", "After"]);
});

test("accepts new signing keys at once", async () => {
  lag({}, 1);
  const { id } = await create();
  await lab.twin().rotateSigningKey();
  const graph = await lab.client().graphAs(contoso.tenantId, contoso.deployer);
  expect((await graph("GET", `${APPLICATIONS}/${id}`)).status).toBe(404);
});

test("lags for Cloudflare too, and for each service separately", async () => {
  lab.twin().faults.add({ on: { service: "cloudflare" }, effect: { kind: "lag", answers: 1 } });
  const access = lab.client().accessAs(contoso.accountId, contoso.tokens.deployer.value);
  const { body } = await access("POST", "/identity_providers", {
    name: "Entra",
    type: "azureAD",
    config: { client_id: contoso.deployer.appId, client_secret: "invented", directory_id: contoso.tenantId },
    scim_config: {},
  });
  const { id: application } = await create();
  expect((await lab.call("GET", `${APPLICATIONS}/${application}`)).status).toBe(200);
  const read = async () => (await access("GET", `/identity_providers/${body.result.id}`)).status;
  expect([await read(), await read()]).toEqual([404, 200]);
});

test("names the object in a 404 like Graph", async () => {
  lab.twin().faults.add({ on: { service: "graph" }, effect: { kind: "error", status: 404 } });
  const { status, body } = await lab.call("GET", `${APPLICATIONS}/some-id/owners`);
  expect(status).toBe(404);
  expect(body.error.code).toBe("Request_ResourceNotFound");
  expect(body.error.message).toMatch(/^Resource 'some-id' does not exist/);
});
