import { contoso, fabrikam } from "../../../twin/index";
import type { TwinClient } from "../client";
import { useTwin } from "../twin-fixture";

let client: TwinClient;

useTwin((ready) => {
  client = ready.client;
});

const { deployer, administrator } = contoso.tokens;
const get = (path: string, token: string) =>
  client.send("GET", `/client/v4/accounts/${contoso.accountId}/tokens/${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });

test("verifies a token with itself", async () => {
  const { status, body } = await get("verify", deployer.value);
  expect(status).toBe(200);
  expect(body.result).toEqual({ id: expect.stringMatching(/^[0-9a-f]{32}$/), status: "active" });
  expect(body.messages).toEqual([{ code: 10000, message: "This API Token is valid and active", type: null }]);
  const other = await get("verify", administrator.value);
  expect(other.body.result.id).not.toBe(body.result.id);
});

test("shows a token's permissions to callers who may read tokens", async () => {
  const { id } = (await get("verify", deployer.value)).body.result;
  const { body } = await get(id, administrator.value);
  expect(body.result).toMatchObject({ id, name: "deployer", status: "active" });
  const [{ effect, permission_groups }] = body.result.policies;
  expect(effect).toBe("allow");
  expect(permission_groups.map(({ name }: { name: string }) => name)).toEqual(deployer.permissions);
  expect((await get(id, deployer.value)).status).toBe(403);
  expect((await get("0".repeat(32), administrator.value)).status).toBe(501);
});

test("does not verify an account's token as a user's", async () => {
  const headers = { authorization: `Bearer ${deployer.value}` };
  const { status, body } = await client.send("GET", "/client/v4/user/tokens/verify", { headers });
  expect([status, body.errors[0]]).toEqual([401, { code: 1000, message: "Invalid API Token" }]);
});

test.each([
  ["an unknown token", "x".repeat(40)],
  ["another account's", fabrikam.tokens.deployer.value],
])("%s is found invalid", async (_what, token) => {
  const { status, body } = await get("verify", token);
  expect([status, body.errors[0]]).toEqual([401, { code: 1000, message: "Invalid API Token" }]);
});

test("lists permission groups to callers who may read tokens, also by name", async () => {
  const { body } = await get("permission_groups", administrator.value);
  const names = body.result.map(({ name }: { name: string }) => name);
  const { services: _unknown, ...tokens } = contoso.tokens;
  for (const token of Object.values(tokens)) {
    expect(names).toEqual(expect.arrayContaining(token.permissions));
  }
  const name = "Access: Apps and Policies Write";
  const query = `?name=${encodeURIComponent(name)}&scope=com.cloudflare.api.account`;
  expect((await get(`permission_groups${query}`, administrator.value)).body.result).toEqual([
    { id: "1e13c5124ca64b72b1969a67e8829049", name, scopes: ["com.cloudflare.api.account"] },
  ]);
  expect((await get("permission_groups", deployer.value)).status).toBe(403);
});

test.each(["name=DNS%20Write", "scope=com.cloudflare.api.account.zone"])(
  "permission groups by %s, which the twin does not have, are a 501",
  async (query) => {
    expect((await get(`permission_groups?${query}`, administrator.value)).status).toBe(501);
  },
);

describe("tokens of the account", () => {
  const ask = (method: string, path: string, body?: unknown, { value } = administrator) =>
    client.accountAs(contoso.accountId, value)(method, `/tokens${path}`, body);
  const READ = "26bc23f853634eb4bff59983b9064fde";
  const policy = (...ids: string[]) => ({
    effect: "allow",
    permission_groups: ids.map((id) => ({ id })),
    resources: { [`com.cloudflare.api.account.${contoso.accountId}`]: "*" },
  });
  const settings = { name: "drift", policies: [policy(READ)], expires_on: "2099-01-01T00:00:00Z" };

  test("are created with a value that is shown once, listed, rolled, changed and deleted", async () => {
    const { body } = await ask("POST", "", settings);
    const { value, ...created } = body.result;
    expect(created).toMatchObject({ name: "drift", status: "active", expires_on: settings.expires_on });
    expect(value).toMatch(/^cfat_[0-9a-f]{48}$/);
    const organization = (token: string) =>
      client
        .accessAs(contoso.accountId, token)("GET", "/organizations")
        .then(({ status }) => status);
    expect(await organization(value)).toBe(200);
    expect((await client.accessAs(contoso.accountId, value)("POST", "/groups", {})).status).toBe(403);
    expect((await get("verify", value)).body.result).toEqual({
      id: created.id,
      status: "active",
      expires_on: settings.expires_on,
    });
    const { body: list } = await ask("GET", "");
    expect(list.result).toContainEqual(created);
    expect(JSON.stringify(list)).not.toContain(value);

    const rolled = (await ask("PUT", `/${created.id}/value`, {})).body.result;
    expect([await organization(value), await organization(rolled)]).toEqual([403, 200]);
    const changed = await ask("PUT", `/${created.id}`, {
      ...settings,
      policies: [policy("7ea222f6d5064cfa89ea366d7c1fee89")],
    });
    expect(changed.body.result).toMatchObject({ id: created.id, name: "drift" });
    expect(await organization(rolled)).toBe(403);
    expect((await ask("DELETE", `/${created.id}`)).body.result).toEqual({ id: created.id });
    expect((await get("verify", rolled)).status).toBe(401);
  });

  test("stop working when they expire", async () => {
    const { body } = await ask("POST", "", settings);
    client.twin.clock.set(new Date("2099-01-01T00:00:00Z"));
    expect((await get("verify", body.result.value)).status).toBe(401);
    expect((await ask("GET", `/${body.result.id}`)).body.result.status).toBe("expired");
  });

  test.each([
    ["without a name", { name: "" }, 400],
    ["without policies", { policies: [] }, 400],
    ["that have expired", { expires_on: "2020-01-01T00:00:00Z" }, 400],
    ["for another account", { policies: [{ ...policy(READ), resources: { x: "*" } }] }, 501],
    ["with an unknown permission", { policies: [policy("0".repeat(32))] }, 501],
    ["with conditions", { condition: {} }, 501],
  ])("are not created %s", async (_what, change, status) => {
    expect((await ask("POST", "", { ...settings, ...change })).status).toBe(status);
  });

  test("are not created by a token that may not write tokens", async () => {
    expect((await ask("POST", "", settings, deployer)).status).toBe(403);
  });
});
