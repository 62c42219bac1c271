import { contoso, type Twin } from "../../../twin/index";
import type { SendCall, TwinClient } from "../client";
import { useTwin } from "../twin-fixture";

const PATH = "/service_tokens";
let twin: Twin;
let client: TwinClient;
let call: SendCall;
useTwin(
  (ready) => {
    ({ twin, client } = ready);
    const as = ({ value }: { value: string }) => client.accessAs(contoso.accountId, value);
    const [services, others] = [as(contoso.tokens.services), as(contoso.tokens.administrator)];
    call = (method, path, body) => (path.startsWith(PATH) ? services : others)(method, path, body);
  },
  { now: () => new Date("2026-11-01T12:00:00Z") },
);

const make = async (body: object = {}) => (await call("POST", PATH, { name: "backup", ...body })).body.result;

test("creates a service token for a year, with a secret that is shown once", async () => {
  const { client_secret, ...shown } = await make();
  expect(client_secret).toMatch(/^cfast_[0-9A-Za-z]{48}$/);
  expect(shown).toEqual({
    id: expect.any(String),
    name: "backup",
    client_id: expect.stringMatching(/^[0-9a-f]{32}\.access$/),
    duration: "8760h",
    enabled: true,
    expires_at: "2027-11-01T12:00:00Z",
    created_at: "2026-11-01T12:00:00Z",
    updated_at: "2026-11-01T12:00:00Z",
  });
  expect((await call("GET", `${PATH}/${shown.id}`)).body.result).toEqual(shown);
  expect((await call("GET", PATH)).body.result).toEqual([shown]);
  expect(JSON.stringify(twin.snapshot())).not.toContain(client_secret);
});

test("renames, disables and extends a token; a duration counts from the change", async () => {
  const { client_secret: _secret, ...shown } = await make({ duration: "24h" });
  twin.clock.advance(3600);
  const off = await call("PUT", `${PATH}/${shown.id}`, { name: "off", enabled: false });
  expect(off.body.result).toMatchObject({ name: "off", enabled: false, expires_at: "2026-11-02T12:00:00Z" });
  const on = await call("PUT", `${PATH}/${shown.id}`, { name: "on", enabled: true, duration: "48h" });
  expect(on.body.result).toMatchObject({ enabled: true, expires_at: "2026-11-03T13:00:00Z" });
  const never = await call("PUT", `${PATH}/${shown.id}`, { name: "on", duration: "forever" });
  expect(never.body.result).toMatchObject({ duration: "forever", expires_at: null });
});

test("refuses to delete a token in use and deletes others", async () => {
  const { id } = await make();
  const rule = { include: [{ service_token: { token_id: id } }] };
  const group = (await call("POST", "/groups", { name: "backup", ...rule })).body.result;
  expect((await call("DELETE", `${PATH}/${id}`)).status).toBe(409);
  await call("DELETE", `/groups/${group.id}`);
  expect((await call("DELETE", `${PATH}/${id}`)).status).toBe(202);
  expect((await call("GET", `${PATH}/${id}`)).status).toBe(404);
});

test.each<[string, string, object, number]>([
  [
    "a rule about a token that is not there",
    "/groups",
    { include: [{ service_token: { token_id: "x" } }] },
    400,
  ],
  ["a rule without a token", "/groups", { include: [{ service_token: {} }] }, 400],
  ["a token without a name", PATH, { name: "" }, 400],
  ["a duration that is none", PATH, { duration: "a year" }, 400],
  ["a rotation", PATH, { client_secret_version: 2 }, 501],
])("%s is refused", async (_what, path, body, status) => {
  expect((await call("POST", path, { name: "x", ...body })).status).toBe(status);
});

test("refuses token rules in policies that allow or deny users", async () => {
  const include = [{ service_token: { token_id: (await make()).id } }];
  const policy = (decision: string) => call("POST", "/policies", { name: "backup", decision, include });
  expect((await policy("allow")).status).toBe(400);
  expect((await policy("deny")).status).toBe(400);
  expect((await policy("non_identity")).status).toBe(201);
});

test("requires its own permission, and answers 501 for what is not served", async () => {
  const deployer = client.accessAs(contoso.accountId, contoso.tokens.deployer.value);
  expect((await deployer("GET", PATH)).status).toBe(403);
  const { id } = await make();
  for (const action of ["rotate", "refresh"]) {
    expect((await call("POST", `${PATH}/${id}/${action}`, {})).status).toBe(501);
  }
});
