import { request } from "node:http";
import { contoso, devSeed, startTwin, type Twin } from "../../../twin/index";
import { TwinClient } from "../client";

let twin: Twin;
let client: TwinClient;
beforeAll(async () => {
  twin = await startTwin({ control: true });
  client = new TwinClient(twin);
});
beforeEach(() => twin.reset());
afterAll(async () => {
  await client.close();
  await twin.close();
});

async function control(method: string, path: string, body?: unknown) {
  const response = await fetch(`${twin.controlUrl}${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects of a body.
  return { status: response.status, body: (await response.json()) as any };
}
const signIn = (secret = contoso.deployer.secret) =>
  client.token(contoso.tenantId, { client_id: contoso.deployer.appId, client_secret: secret });

test("is only served if configured, and not on the other ports", async () => {
  const other = await startTwin();
  expect(other.controlUrl).toBeUndefined();
  expect((await fetch(`${other.cloudflareUrl.replace("/client/v4", "")}/faults`)).status).toBe(501);
  await other.close();
  await expect(
    startTwin({ control: true, controlPort: Number(new URL(String(twin.controlUrl)).port) }),
  ).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
});

test("answers 501 with method and path for unknown calls", async () => {
  expect(await control("GET", "/nothing")).toEqual({
    status: 501,
    body: { error: "The control API does not serve GET /nothing." },
  });
  expect((await control("DELETE", "/clock")).status).toBe(501);
});

test("refuses web sites in a browser and other host names", async () => {
  const { port } = new URL(String(twin.controlUrl));
  const status = (headers: Record<string, string>) =>
    new Promise((resolve, reject) => {
      const call = request({ port, path: "/requests", headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      call.on("error", reject).end();
    });
  expect(await status({})).toBe(200);
  expect(await status({ origin: "https://example.com" })).toBe(403);
  expect(await status({ host: `rebound.example.com:${port}` })).toBe(403);
});

test("lists requests with callers, without secrets", async () => {
  await signIn();
  await client.send("GET", "/elsewhere?code=a-code&state=a-state&id_token_hint=a-token");
  const { body } = await control("GET", "/requests");
  expect(body.requests).toEqual([
    expect.objectContaining({ service: "login", method: "POST", status: 200, caller: "deployer" }),
    expect.objectContaining({ query: "code=***&state=a-state&id_token_hint=***" }),
  ]);
  expect(JSON.stringify(body)).not.toContain(contoso.deployer.secret);
});

test("resets to a given seed, or to the initial one", async () => {
  const seed = { ...devSeed, tenants: [], secretDelaySeconds: 5 };
  expect(await control("POST", "/reset", seed)).toEqual({ status: 200, body: {} });
  expect((await signIn()).body.error_codes).toEqual([90002]);
  expect((await control("GET", "/secret-delay")).body).toEqual({ seconds: 5 });
  expect((await control("POST", "/reset")).status).toBe(200);
  expect((await signIn()).status).toBe(200);
  expect((await control("POST", "/reset", devSeed)).status).toBe(200);
});

test("reads, sets and advances the clock", async () => {
  const set = await control("PUT", "/clock", { now: "2030-01-01T00:00:00Z" });
  expect(set.body.now).toMatch(/^2030-01-01T00:0/);
  const { body } = await control("POST", "/clock/advance", { seconds: 86_400 });
  expect(body.now).toMatch(/^2030-01-02T00:0/);
  expect((await control("POST", "/clock/freeze")).body.frozen).toBe(true);
  const { body: frozen } = await control("PUT", "/clock", { now: "2030-01-02T00:00:00Z" });
  expect((await control("GET", "/clock")).body).toEqual(frozen);
  expect(frozen).toEqual({ now: "2030-01-02T00:00:00.000Z", frozen: true });
  expect((await control("POST", "/clock/unfreeze")).body.frozen).toBe(false);
  expect(twin.clock.now().getUTCFullYear()).toBe(2030);
});

test("sets the delay of new secrets", async () => {
  expect((await control("PUT", "/secret-delay", { seconds: 30 })).body).toEqual({ seconds: 30 });
  expect(twin.secretDelaySeconds).toBe(30);
});

test("sets the replicas of the token endpoint", async () => {
  const lag = { count: 3, principalSeconds: 20 };
  expect((await control("PUT", "/token-replicas", lag)).body).toEqual(lag);
  expect((await control("GET", "/token-replicas")).body).toEqual(lag);
  expect((await control("PUT", "/token-replicas", { count: 0 })).status).toBe(400);
  expect((await control("PUT", "/token-replicas", { count: 1 })).body).toEqual({
    count: 1,
    principalSeconds: 0,
  });
});

test("replaces the origins of requests", async () => {
  expect((await control("GET", "/places")).body).toEqual({});
  const places = { "127.0.0.1": { ip: "198.51.100.7", country: "DE" } };
  expect((await control("PUT", "/places", places)).body).toEqual(places);
  expect(twin.places).toEqual(places);
  await control("PUT", "/places", { "::1": { country: "AT" } });
  expect((await control("GET", "/places")).body).toEqual({ "::1": { country: "AT" } });
});

test("lists mails", async () => {
  expect(await control("GET", "/mails")).toEqual({ status: 200, body: { mails: [] } });
});

test("runs provisioning", async () => {
  expect(await control("POST", "/provisioning/run")).toEqual({ status: 200, body: {} });
});

test("rotates the signing key", async () => {
  const keys = async () =>
    (await client.send("GET", `/${contoso.tenantId}/discovery/v2.0/keys`)).body.keys.map(
      ({ kid }: { kid: string }) => kid,
    );
  const before = await keys();
  expect((await control("POST", "/signing-key/rotate")).status).toBe(200);
  expect((await keys())[0]).not.toBe(before[0]);
});

test("adds, lists and removes faults", async () => {
  const fault = { on: { service: "login" }, effect: { kind: "error", status: 503 } };
  const { status, body } = await control("POST", "/faults", fault);
  expect([status, body]).toEqual([200, { id: expect.any(String), fault, matched: 0, used: 0, held: 0 }]);
  expect((await signIn()).status).toBe(503);
  expect((await control("GET", "/faults")).body.faults).toEqual([{ ...body, matched: 1, used: 1 }]);
  expect((await control("DELETE", `/faults/${body.id}`)).status).toBe(200);
  expect((await signIn()).status).toBe(200);
  expect(await control("DELETE", `/faults/${body.id}`)).toEqual({
    status: 404,
    body: { error: `unknown fault ${body.id}` },
  });
  await control("POST", "/faults", fault);
  expect((await control("DELETE", "/faults")).status).toBe(200);
  expect(twin.faults.list).toEqual([]);
});

test("releases held calls", async () => {
  const hold = { on: { service: "login" }, effect: { kind: "hold", when: "before" } };
  const { id } = (await control("POST", "/faults", hold)).body;
  const answer = signIn();
  await twin.faults.waitUntilHeld(id, answer);
  expect((await control("GET", "/faults")).body.faults[0].held).toBe(1);
  expect((await control("POST", `/faults/${id}/release`)).body).toEqual({ released: 1 });
  expect((await answer).status).toBe(200);
  expect((await control("POST", "/faults/fault-0/release")).status).toBe(404);
});

test.each<[string, string, string, unknown, RegExp]>([
  ["no JSON", "POST", "/faults", "{", /must be JSON/],
  ["no body", "POST", "/faults", undefined, /invalid body of POST \/faults/],
  ["a fault of no kind", "POST", "/faults", { on: {}, effect: { kind: "fire" } }, /effect\.kind/],
  ["a day that is none", "PUT", "/clock", { now: "tomorrow" }, /at now/],
  ["an unknown member", "POST", "/clock/advance", { seconds: 1, minutes: 1 }, /minutes/],
  ["the end of time", "POST", "/clock/advance", { seconds: 1e300 }, /at seconds/],
  [
    "a country that is none",
    "PUT",
    "/places",
    { "127.0.0.1": { country: "Germany" } },
    /country code of two characters/,
  ],
  ["a place for no address", "PUT", "/places", { here: { country: "DE" } }, /at here/],
  ["a delay below zero", "PUT", "/secret-delay", { seconds: -1 }, /at seconds/],
  ["a body where none belongs", "DELETE", "/faults", {}, /body of DELETE/],
  ["a seed without accounts", "POST", "/reset", { tenants: [] }, /at accounts/],
  ["an unknown member of a seed", "POST", "/reset", { ...devSeed, tenant: [] }, /"tenant"/],
  [
    "a short token",
    "POST",
    "/reset",
    { tenants: [], accounts: [{ ...contoso.account, tokens: [{ name: "a", value: "b", permissions: [] }] }] },
    /40 to 80/,
  ],
  ["a snapshot of nothing", "PUT", "/snapshot", {}, /at version/],
])("%s is a 400 with the cause, and changes nothing", async (_case, method, path, body, cause) => {
  const before = JSON.stringify(twin.snapshot().contents);
  const answer = await control(method, path, body);
  expect(answer.status).toBe(400);
  expect(answer.body.error).toMatch(cause);
  expect(JSON.stringify(twin.snapshot().contents)).toBe(before);
  expect(twin.faults.list).toEqual([]);
});
