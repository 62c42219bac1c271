import { contoso, devSeed, type Fault, startTwin } from "../../../twin/index";
import { useGraphAs } from "../graph/graph-fixture";

const lab = useGraphAs(contoso.deployer);
const add = (fault: Fault) => lab.twin().faults.add(fault);
const cloudflare = () =>
  lab.client().accessAs(contoso.accountId, contoso.tokens.deployer.value)("GET", "/identity_providers");
const signIn = () => lab.client().token(contoso.tenantId, credentials);
const credentials = { client_id: contoso.deployer.appId, client_secret: contoso.deployer.secret };
const APPLICATIONS = "/v1.0/applications";
const statuses = async (times: number, call: () => Promise<{ status: number }>) => {
  const seen: number[] = [];
  for (let i = 0; i < times; i++) seen.push((await call()).status);
  return seen;
};

test.each([429, 500, 502, 503, 504] as const)(
  "%i is in the envelope of the service that was called",
  async (status) => {
    add({ on: {}, effect: { kind: "error", status } });
    const graph = await lab.call("GET", APPLICATIONS);
    expect(graph).toMatchObject({ status, body: { error: { innerError: { date: expect.any(String) } } } });
    expect(graph.body.error.code).toBe(
      { 429: "TooManyRequests", 500: "InternalServerError", 503: "ServiceUnavailable" }[status as 429] ??
        "UnknownError",
    );
    const login = await signIn();
    expect(login).toMatchObject({
      status,
      body: { error_codes: [expect.any(Number)], trace_id: expect.any(String) },
    });
    expect(login.body.error_description).toMatch(/^AADSTS\d+: .* Trace ID: /);
    expect(await cloudflare()).toMatchObject({
      status,
      body: {
        success: false,
        errors: [{ code: expect.any(Number), message: expect.any(String) }],
        result: null,
      },
    });
    expect((await lab.client().send("GET", "/metadata/endpoints?api-version=2022-09-01")).status).toBe(
      status,
    );
  },
);

test("sends Retry-After only if configured", async () => {
  const url = `${lab.twin().cloudflareUrl}/accounts`;
  const effect = { kind: "error", status: 429 } as const;
  add({ on: {}, count: { first: 1 }, effect: { ...effect, retryAfter: 0 } });
  expect((await fetch(url)).headers.get("retry-after")).toBe("0");
  add({ on: {}, effect });
  expect((await fetch(url)).headers.get("retry-after")).toBeNull();
});

test("matches service, method and path, with * within a segment and ** across segments", async () => {
  const effect = { kind: "error", status: 503 } as const;
  const { body } = await lab.call("POST", APPLICATIONS, { displayName: "A" });
  const one = `${APPLICATIONS}/${body.id}`;
  const hits = async (on: Fault["on"]) => {
    const { id } = add({ on, effect });
    const calls = [lab.call("GET", APPLICATIONS), lab.call("GET", one), lab.call("GET", `${one}/owners`)];
    const seen = [...(await Promise.all(calls)), await signIn(), await cloudflare()];
    lab.twin().faults.remove(id);
    return seen.map(({ status }) => status === 503);
  };
  expect(await hits({})).toEqual([true, true, true, true, true]);
  expect(await hits({ service: "graph" })).toEqual([true, true, true, false, false]);
  expect(await hits({ service: "cloudflare" })).toEqual([false, false, false, false, true]);
  expect(await hits({ method: "POST" })).toEqual([false, false, false, true, false]);
  expect(await hits({ path: `${APPLICATIONS}/*` })).toEqual([false, true, false, false, false]);
  expect(await hits({ path: `${APPLICATIONS}/**` })).toEqual([false, true, true, false, false]);
  expect(await hits({ path: "/v1.0/applicationsX" })).toEqual([false, false, false, false, false]);
  expect(await hits({ path: "/v..0/*" })).toEqual([false, false, false, false, false]);
});

test("affects the first n, every nth, only the nth or all calls, and counts and logs them", async () => {
  const effect = { kind: "error", status: 500 } as const;
  const list = () => lab.call("GET", APPLICATIONS);
  const first = add({ on: {}, count: { first: 2 }, effect });
  expect(await statuses(4, list)).toEqual([500, 500, 200, 200]);
  expect(lab.twin().faults.list).toMatchObject([{ id: first.id, matched: 4, used: 2, held: 0 }]);
  expect(
    lab
      .twin()
      .requests.slice(-3)
      .map(({ status, faults }) => [status, faults]),
  ).toEqual([
    [500, [first.id]],
    [200, undefined],
    [200, undefined],
  ]);
  lab.twin().faults.clear();
  add({ on: {}, count: { every: 2 }, effect });
  expect(await statuses(4, list)).toEqual([200, 500, 200, 500]);
  lab.twin().faults.clear();
  add({ on: {}, count: { only: 2 }, effect });
  expect(await statuses(4, list)).toEqual([200, 500, 200, 200]);
});

test("breaks the connection before or after the write takes effect", async () => {
  const on = { service: "graph", method: "POST" } as const;
  const made = async () =>
    (await lab.call("GET", `${APPLICATIONS}?$filter=displayName eq 'A'`)).body.value.length;
  for (const [when, left] of [
    ["before", 0],
    ["after", 1],
  ] as const) {
    const { id } = add({ on, count: { first: 1 }, effect: { kind: "reset", when } });
    await expect(lab.call("POST", APPLICATIONS, { displayName: "A" })).rejects.toThrow("fetch failed");
    expect(lab.twin().requests.at(-1)).toMatchObject({ method: "POST", status: 0, faults: [id] });
    expect(await made()).toBe(left);
  }
  add({ on: { service: "cloudflare" }, count: { first: 1 }, effect: { kind: "reset", when: "before" } });
  await expect(cloudflare()).rejects.toThrow("fetch failed");
  expect((await cloudflare()).status).toBe(200);
});

describe("a slow answer", () => {
  const on = { service: "graph", method: "POST" } as const;
  const create = () => lab.call("POST", APPLICATIONS, { displayName: "Slow" });
  const made = async () =>
    (await lab.call("GET", `${APPLICATIONS}?$filter=displayName eq 'Slow'`)).body.value.length;

  test.each([
    ["before", 0],
    ["after", 1],
  ] as const)("held %s it took effect, until it is released", async (when, meanwhile) => {
    const { id } = add({ on, effect: { kind: "hold", when } });
    const answer = create();
    await lab.twin().faults.waitUntilHeld(id, answer);
    expect(lab.twin().faults.list).toMatchObject([{ held: 1, used: 1 }]);
    expect(await made()).toBe(meanwhile);
    expect(lab.twin().faults.release(id)).toBe(1);
    expect((await answer).status).toBe(201);
    expect(await made()).toBe(1);
  });

  test("arrives by the twin's clock", async () => {
    const { id } = add({ on, effect: { kind: "hold", when: "before", seconds: 60 } });
    const answer = create();
    await lab.twin().faults.waitUntilHeld(id, answer);
    lab.twin().clock.advance(59);
    expect(lab.twin().faults.list[0]?.held).toBe(1);
    lab.twin().clock.advance(2);
    expect((await answer).status).toBe(201);
  });

  test("arrives when the fault is removed", async () => {
    const { id } = add({ on, effect: { kind: "hold", when: "before" } });
    const answer = create();
    await lab.twin().faults.waitUntilHeld(id, answer);
    expect([lab.twin().faults.remove(id), lab.twin().faults.remove(id)]).toEqual([true, false]);
    expect((await answer).status).toBe(201);
  });

  test("arrives in real time if the clock runs", async () => {
    lab.twin().clock.unfreeze();
    add({ on, effect: { kind: "hold", when: "after", seconds: 0.001 } });
    expect((await create()).status).toBe(201);
    expect(lab.twin().faults.list).toMatchObject([{ used: 1, held: 0 }]);
  });

  test("does not keep the twin from closing", async () => {
    const twin = await startTwin({
      seed: { ...devSeed, faults: [{ on: {}, effect: { kind: "hold", when: "before" } }] },
    });
    const answer = fetch(twin.cloudflareUrl).catch(() => "gone");
    await twin.faults.waitUntilHeld(String(twin.faults.list[0]?.id), answer);
    await twin.close();
    expect(twin.faults.list).toEqual([]);
    await answer;
  });

  test("rejects waiting for an unknown fault", async () => {
    await expect(lab.twin().faults.waitUntilHeld("fault-0", Promise.resolve())).rejects.toThrow(RangeError);
  });

  test.each([
    ["ends", () => Promise.resolve({ causes: [] }), "the run ended"],
    ["fails", () => Promise.reject(new Error("no such stack")), "the run failed: no such stack"],
  ])("rejects waiting when what should be held %s before", async (_how, run, reason) => {
    const { id } = add({ on, effect: { kind: "hold", when: "before" } });
    await expect(lab.twin().faults.waitUntilHeld(id, run())).rejects.toThrow(
      `${id} must hold a call before the run ends; ${reason}`,
    );
  });
});

test("applies several faults in the order in which they were added", async () => {
  add({ on: {}, count: { first: 1 }, effect: { kind: "error", status: 429 } });
  add({ on: {}, count: { every: 2 }, effect: { kind: "error", status: 503 } });
  expect(await statuses(4, () => lab.call("GET", APPLICATIONS))).toEqual([429, 200, 503, 200]);
});

test("adds the seed's faults at the start and at every reset, and removes others", async () => {
  const fault: Fault = { on: { service: "login" }, effect: { kind: "error", status: 503 } };
  add({ on: {}, effect: { kind: "error", status: 500 } });
  lab.twin().reset({ ...devSeed, faults: [fault] });
  expect(lab.twin().faults.list).toMatchObject([{ fault, matched: 0, used: 0 }]);
  expect((await signIn()).status).toBe(503);
  lab.twin().reset();
  expect((await signIn()).status).toBe(200);
});

test.each<[string, unknown, RegExp]>([
  ["no pattern", { effect: { kind: "error", status: 500 } }, /→ at on/],
  ["an unknown member", { on: { verb: "GET" }, effect: { kind: "error", status: 500 } }, /verb/],
  ["an unknown service", { on: { service: "azure" }, effect: { kind: "error", status: 500 } }, /on\.service/],
  ["a relative path", { on: { path: "v1.0" }, effect: { kind: "error", status: 500 } }, /on\.path/],
  ["another status", { on: {}, effect: { kind: "error", status: 418 } }, /effect\.status/],
  ["404 of a service without objects", { on: {}, effect: { kind: "error", status: 404 } }, /for status 404/],
  ["Retry-After with 500", { on: {}, effect: { kind: "error", status: 500, retryAfter: 1 } }, /429 or 503/],
  ["a count of none", { on: {}, count: { first: 0 }, effect: { kind: "error", status: 500 } }, /count/],
  ["lag without an end", { on: { service: "graph" }, effect: { kind: "lag" } }, /answers, seconds or both/],
  ["lag at sign-in", { on: { service: "login" }, effect: { kind: "lag", answers: 1 } }, /for effect lag/],
  [
    "a counted lag",
    { on: { service: "graph" }, count: { first: 1 }, effect: { kind: "lag", answers: 1 } },
    /not allowed with effect lag/,
  ],
  [
    "a limit of the token endpoint",
    { on: { service: "login" }, effect: { kind: "rateLimit" } },
    /must be graph or cloudflare for effect rateLimit/,
  ],
])("%s is refused with the reason, and not set", (_case, fault, reason) => {
  expect(() => add(fault as Fault)).toThrow(reason);
  expect(lab.twin().faults.list).toEqual([]);
});
