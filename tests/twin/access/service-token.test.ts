import { request } from "undici";
import { useAccessFixture } from "./access-fixture";

const fixture = useAccessFixture();
const HOST = "backup.contoso.test";
type Token = { id: string; client_id: string; client_secret: string };

const make = (settings: object = {}): Promise<Token> =>
  fixture.declare("/service_tokens", { name: "backup", ...settings });
const letIn = (...tokens: Token[]) =>
  fixture.protect({
    host: HOST,
    policy: {
      decision: "non_identity",
      include: tokens.map(({ id: token_id }) => ({ service_token: { token_id } })),
    },
  });

/** Asks for the application as a program does. */
async function ask(headers: Record<string, string | string[]>) {
  const { host, port } = new URL(fixture.at(`${HOST}/`));
  const answer = await request(`http://127.0.0.1:${port}/`, { headers: { ...headers, host } });
  return { status: answer.statusCode, cookies: answer.headers["set-cookie"], html: await answer.body.text() };
}
const having = ({ client_id, client_secret }: Token) => ({
  "cf-access-client-id": client_id,
  "cf-access-client-secret": client_secret,
});

test("admits a program with the token of a policy, without sign-in and cookie", async () => {
  const token = await make();
  await letIn(token);
  const { status, html, cookies } = await ask(having(token));
  expect(status).toBe(200);
  expect(html).toContain("admits the request (non_identity)");
  expect(cookies).toBeUndefined();
});

test("shows the token's name on the home page, without the secret", async () => {
  const token = await make();
  await letIn(token);
  const html = await (await fetch(fixture.twin().browserUrl)).text();
  expect(html.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ")).toContain(`backup ${token.client_id}`);
  expect(html).toContain("service_token backup");
  expect(html).not.toContain(token.client_secret);
});

test("answers 403 for a token of no policy, and to policies for users", async () => {
  const [named, other] = [await make(), await make({ name: "other" })];
  await letIn(named);
  expect((await ask(having(other))).status).toBe(403);
  await fixture.declare("/apps", {
    type: "self_hosted",
    name: "nobody",
    domain: "nobody.contoso.test",
    policies: [],
  });
  await fixture.protect({ host: "wiki.contoso.test" });
  const { port } = new URL(fixture.at("wiki.contoso.test/"));
  const headers = { ...having(named), host: `wiki.contoso.test.localhost:${port}` };
  expect((await request(`http://127.0.0.1:${port}/`, { headers })).statusCode).toBe(403);
});

test.each<[string, (token: Token) => Record<string, string | string[]>]>([
  ["a wrong secret", (token) => ({ ...having(token), "cf-access-client-secret": "cfast_wrong" })],
  ["an unknown client id", (token) => ({ ...having(token), "cf-access-client-id": "x.access" })],
  ["no secret", ({ client_id }) => ({ "cf-access-client-id": client_id })],
  ["a secret alone", ({ client_secret }) => ({ "cf-access-client-secret": client_secret })],
  [
    "the id twice",
    (token) => ({ ...having(token), "cf-access-client-id": [token.client_id, token.client_id] }),
  ],
])("%s is a 401", async (_what, headers) => {
  const token = await make();
  await letIn(token);
  expect((await ask(headers(token))).status).toBe(401);
});

test("answers 401 for an expired or disabled token", async () => {
  const [short, off] = [await make({ duration: "1h" }), await make({ name: "off", enabled: false })];
  await letIn(short, off);
  expect((await ask(having(off))).status).toBe(401);
  expect((await ask(having(short))).status).toBe(200);
  fixture.twin().clock.advance(3600);
  expect((await ask(having(short))).status).toBe(401);
});

test("refuses a signed-in user who sends a refused token", async () => {
  const token = await make();
  await fixture.protect({ host: HOST });
  await fixture.signInFrom(await fixture.browser().go(fixture.at(`${HOST}/`)));
  const cookie = fixture
    .browser()
    .cookies.filter(({ host }) => host.startsWith(HOST))
    .map(({ name, value }) => `${name}=${value}`)
    .join("; ");
  expect((await ask({ cookie })).status).toBe(200);
  expect((await ask({ cookie, ...having(token) })).status).toBe(403);
});

test("admits any token of the account if a policy allows it", async () => {
  const token = await make();
  await fixture.protect({
    host: HOST,
    policy: { decision: "non_identity", include: [{ any_valid_service_token: {} }] },
  });
  expect((await ask(having(token))).status).toBe(200);
  expect((await ask({})).status).toBe(302);
});
