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
