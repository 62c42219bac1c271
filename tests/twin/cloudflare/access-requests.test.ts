import { Hono } from "hono";
import { createCloudflareApp } from "../../../twin/cloudflare/app";
import { contoso, devSeed } from "../../../twin/index";
import type { AccessRequest, Account } from "../../../twin/store/cloudflare/account";
import { createSigningKey, type SigningKey, Store } from "../../../twin/store/store";

let key: SigningKey;
beforeAll(async () => {
  key = await createSigningKey();
});

let store: Store;
beforeEach(() => {
  store = new Store(key, () => new Date("2026-11-01T12:00:00Z"));
  store.reset(devSeed);
  for (const [day, userEmail] of ["ada@contoso.test", "ben@contoso.test", "eve@fabrikam.test"].entries()) {
    store.accounts.get(contoso.accountId)?.accessRequests.set(`ray-${day}`, {
      rayId: `ray-${day}`,
      createdAt: `2026-11-0${day + 1}T12:00:00.000Z`,
      action: "login",
      allowed: day !== 2,
      appDomain: "app.contoso.test",
      appUid: "some application",
      connection: "azureAD",
      ipAddress: "127.0.0.1",
      userEmail,
    });
  }
});

async function ask(query = "", token: string = contoso.tokens.auditor.value) {
  const app = new Hono().route("/", createCloudflareApp(store) as unknown as Hono);
  const answer = await app.request(
    `/client/v4/accounts/${contoso.accountId}/access/logs/access_requests${query}`,
    { headers: { authorization: `Bearer ${token}` } },
  );
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects of a body.
  return { status: answer.status, body: (await answer.json()) as any };
}

const raysOf = async (query: string) => {
  const { status, body } = await ask(query);
  expect(status).toBe(200);
  return body.result.map(({ ray_id }: { ray_id: string }) => ray_id);
};

test("lists entries in the documented form, newest first", async () => {
  const { body } = await ask();
  expect(body.result[0]).toEqual({
    action: "login",
    allowed: false,
    app_domain: "app.contoso.test",
    app_uid: "some application",
    connection: "azureAD",
    created_at: "2026-11-03T12:00:00.000Z",
    ip_address: "127.0.0.1",
    ray_id: "ray-2",
    user_email: "eve@fabrikam.test",
  });
  expect(body.result_info).toMatchObject({ page: 1, count: 3, total_count: 3 });
});

test.each([
  ["?direction=asc", ["ray-0", "ray-1", "ray-2"]],
  ["?limit=1", ["ray-2"]],
  ["?page=2&per_page=2", ["ray-0"]],
  ["?since=2026-11-02T00:00:00Z", ["ray-2", "ray-1"]],
  ["?until=2026-11-02T12:00:00Z", ["ray-1", "ray-0"]],
  ["?email=contoso", ["ray-1", "ray-0"]],
  ["?email=contoso&emailOp=contains", ["ray-1", "ray-0"]],
  ["?email=contoso&emailOp=eq", []],
  ["?email=contoso&email_exact=true&emailOp=contains", []],
  ["?email=ada@contoso.test&email_exact=true", ["ray-0"]],
  ["?email=contoso&emailOp=neq", ["ray-2"]],
  ["?email=contoso&emailOp=neq&email_exact=true", ["ray-2", "ray-1", "ray-0"]],
  ["?user_id=somebody", ["ray-2", "ray-1", "ray-0"]],
])("%s", async (query, rays) => {
  expect(await raysOf(query)).toEqual(rays);
});

test("limits a call to a thousand entries", async () => {
  const { accessRequests } = store.accounts.get(contoso.accountId) as Account;
  const [entry] = accessRequests.values();
  for (let n = 0; n < 1000; n++) accessRequests.set(`more-${n}`, entry as AccessRequest);
  expect((await ask("?per_page=2000&limit=2000")).body.result).toHaveLength(1000);
});

test("selects fields", async () => {
  const { body } = await ask("?limit=1&fields=allowed,user_email");
  expect(body.result).toEqual([{ allowed: false, user_email: "eve@fabrikam.test" }]);
});

test.each(["direction=up", "limit=0", "since=then", "emailOp=like", "email_exact=1"])(
  "%s is a 400",
  async (query) => {
    expect((await ask(`?${query}`)).status).toBe(400);
  },
);

test("answers 501 for other options, and 403 without the permission", async () => {
  expect((await ask("?allowedOp=eq")).status).toBe(501);
  expect((await ask("", contoso.tokens.deployer.value)).status).toBe(403);
});
