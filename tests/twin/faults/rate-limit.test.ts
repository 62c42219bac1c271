import { readFileSync } from "node:fs";
import { Agent, request } from "undici";
import { contoso, fabrikam, startTwin, type Twin } from "../../../twin/index";

let twin: Twin;
const noon = Date.parse("2026-11-01T12:00:00Z");
beforeAll(async () => {
  twin = await startTwin({ now: () => new Date(noon) });
});
beforeEach(() => {
  twin.reset();
});
afterAll(() => twin.close());

const { deployer, auditor } = contoso.tokens;
const ask = (path = "organizations", token = deployer.value) =>
  fetch(`${twin.cloudflareUrl}/accounts/${contoso.accountId}/access/${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });
const limit = (limit?: number) =>
  twin.faults.add({
    on: { service: "cloudflare" },
    effect: { kind: "rateLimit", ...(limit === undefined ? {} : { limit }) },
  });

test("is off by default, and has a default limit of 1200", async () => {
  expect((await ask()).headers.get("x-ratelimit-limit")).toBeNull();
  limit();
  const { headers } = await ask();
  expect([headers.get("x-ratelimit-limit"), headers.get("x-ratelimit-remaining")]).toEqual(["1200", "1199"]);
  expect(headers.get("retry-after")).toBeNull();
});

test("refuses all requests for five minutes after the limit is exceeded", async () => {
  limit(2);
  expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
  twin.clock.advance(100);
  const refused = await ask();
  expect(refused.status).toBe(429);
  expect(Object.fromEntries(refused.headers)).toMatchObject({
    "retry-after": "300",
    "x-ratelimit-limit": "2",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": "Sun, 01 Nov 2026 12:06:40 GMT",
  });
  expect(await refused.json()).toMatchObject({ success: false, errors: [{ code: 10100 }], result: null });
  twin.clock.advance(298.5);
  const later = await ask("identity_providers");
  expect([later.status, later.headers.get("retry-after")]).toEqual([429, "2"]);
  twin.clock.advance(1.5);
  expect((await ask()).status).toBe(200);
  expect(twin.faults.list).toMatchObject([{ matched: 5, used: 2 }]);
});

test("starts a window of five minutes with its first request", async () => {
  limit(2);
  await ask();
  twin.clock.advance(299);
  await ask();
  twin.clock.advance(1);
  expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([200, 200, 429]);
});

test("limits each token separately", async () => {
  limit(1);
  await ask();
  expect((await ask()).status).toBe(429);
  expect((await ask("organizations", auditor.value)).status).toBe(200);
});

describe("of Conditional Access", () => {
  const readPolicies = async ({ tenantId, administrator }: typeof contoso) => {
    const form = {
      client_id: administrator.appId,
      client_secret: administrator.secret,
      grant_type: "client_credentials",
      scope: "https://graph.microsoft.com/.default",
    };
    const login = `${twin.microsoftUrl}/${tenantId}/oauth2/v2.0/token`;
    const dispatcher = new Agent({ connect: { ca: readFileSync(twin.caFile) } });
    const send = async (url: string, options: object = {}) => request(url, { ...options, dispatcher });
    const { body } = await send(login, {
      method: "POST",
      body: new URLSearchParams(form).toString(),
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    const { access_token } = (await body.json()) as { access_token: string };
    const answer = await send(`${twin.microsoftUrl}/v1.0/identity/conditionalAccess/policies`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    const text = await answer.body.text();
    await dispatcher.close();
    return { status: answer.statusCode, headers: answer.headers, text };
  };

  test("is one request per tenant and second, and a refusal does not say when to try again", async () => {
    const on = { service: "graph" as const, path: "/*/identity/conditionalAccess/**" };
    twin.faults.add({ on, effect: { kind: "rateLimit" } });
    const first = await readPolicies(contoso);
    const second = await readPolicies(contoso);
    expect([first.status === 429, second.status]).toEqual([false, 429]);
    expect(JSON.parse(second.text)).toMatchObject({ error: { code: "TooManyRequests" } });
    expect(second.headers).not.toHaveProperty("retry-after");
    expect((await readPolicies(fabrikam)).status).not.toBe(429);
    twin.clock.advance(1);
    expect((await readPolicies(contoso)).status).toBe(first.status);
  });
});
