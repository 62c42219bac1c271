import { request } from "undici";
import { contosoGroups, contosoUsers } from "../../../twin/index";
import type { Account } from "../../../twin/store/cloudflare/account";
import { findApplicationAt } from "../../../twin/store/cloudflare/protected";
import { useAccessFixture } from "./access-fixture";

const fixture = useAccessFixture();
const { ada, ben, chidi, dana } = contosoUsers;
const WIKI = "wiki.contoso.test";

const open = (address = `${WIKI}/`) => fixture.browser().go(fixture.at(address));
const enter = async (...user: [{ id: string; password?: string }?]) =>
  fixture.signInFrom(await open(), ...user);
const members = (group: { id: string }) => ({
  azureAD: { id: group.id, identity_provider_id: fixture.provider().id },
});

test("admits direct and nested members of a group", async () => {
  await fixture.protect({ policy: { include: [members(contosoGroups.employees)] } });
  expect((await enter(ben)).html).toContain(ben.displayName);
});

test("shows and logs the reason of a refusal, and admits the user to other applications", async () => {
  const application = await fixture.protect({ policy: { include: [members(contosoGroups.engineers)] } });
  await fixture.protect({ host: "files.contoso.test" });
  const shown = await enter(chidi);
  expect(shown.status).toBe(403);
  expect(shown.html).toContain("That account does not have access.");
  expect(shown.html).toContain("No policy matches, so access is denied.");
  const [entry] = await fixture.log();
  expect(entry).toMatchObject({ allowed: false, app_uid: application.id, user_email: chidi.mail });
  expect(shown.html).toContain(`Ray ID: ${entry?.ray_id}`);
  expect((await open()).status).toBe(403);
  expect((await open("files.contoso.test/")).html).toContain("You are");
});

test("matches no group rule with groups disabled", async () => {
  await fixture.connect({ support_groups: false });
  await fixture.protect({ policy: { include: [members(contosoGroups.engineers)] } });
  expect((await enter(ada)).status).toBe(403);
});

test("shows the application's own deny message", async () => {
  await fixture.protect({
    policy: { include: [{ email: { email: "nobody@contoso.test" } }] },
    application: { custom_deny_message: "Ask <b>Ada</b>." },
  });
  expect((await enter(dana)).html).toContain("Ask &lt;b&gt;Ada&lt;/b&gt;.");
});

test("applies a changed policy to the next token only", async () => {
  const { policies } = await fixture.protect();
  await enter();
  const policy = { name: "nobody", decision: "deny", include: [{ everyone: {} }] };
  await fixture.declare(`/policies/${policies[0].id}`, policy, "PUT");
  expect((await open()).status).toBe(200);
  fixture.twin().clock.advance(24 * 3600);
  expect((await enter()).html).toContain("Policy nobody blocks the request (deny).");
});

test("requires no sign-in for bypass", async () => {
  await fixture.protect({ policy: { decision: "bypass" } });
  expect(await open()).toMatchObject({ status: 200, url: fixture.at(`${WIKI}/`) });
  expect(await fixture.log()).toEqual([]);
});

test("refuses everyone without policies", async () => {
  await fixture.protect({ application: { policies: [] } });
  expect((await enter()).status).toBe(403);
});

test("answers 501 for what is not served", async () => {
  await fixture.protect({ policy: { include: [{ certificate: {} }] } });
  expect(await enter()).toMatchObject({
    status: 501,
    html: expect.stringContaining("rule type certificate"),
  });
  await fixture.protect({ host: "files.contoso.test", application: { enable_binding_cookie: true } });
  expect((await open("files.contoso.test/")).html).toContain("enable_binding_cookie");
  await fixture.protect({ host: "once.contoso.test", policy: { session_duration: "0s" } });
  const shown = await fixture.signInFrom(await open("once.contoso.test/"));
  expect(shown).toMatchObject({
    status: 501,
    html: expect.stringContaining("a session that ends immediately"),
  });
});

test("offers only the application's identity providers, and can redirect to a single one", async () => {
  const config = { client_id: "x", client_secret: "y", directory_id: "z" };
  const other = { name: "Another Entra ID", type: "azureAD", config };
  const { body } = await fixture.cloudflare("POST", "/identity_providers", other);
  await fixture.protect({ application: { allowed_idps: [fixture.provider().id] } });
  const { html } = await open();
  expect([html.includes("Entra ID</a>"), html.includes("Another")]).toEqual([true, false]);
  await fixture.protect({ host: "both.contoso.test" });
  expect((await open("both.contoso.test/")).html).toContain("Another Entra ID</a>");
  const auto = { allowed_idps: [fixture.provider().id], auto_redirect_to_identity: true };
  await fixture.protect({ host: "auto.contoso.test", application: auto });
  expect((await open("auto.contoso.test/")).html).toContain("Pick an account");
  expect(body.success).toBe(true);
});

describe("a failing sign-in", () => {
  const NOT_FOUND = "Unable to find your Access application!";
  const login = (query: string) => fixture.browser().go(fixture.team(`/login/${WIKI}?${query}`));

  test("shows an error for an unknown application or another audience", async () => {
    expect(await fixture.browser().go(fixture.team("/login/nowhere.test"))).toMatchObject({
      status: 404,
      html: expect.stringContaining(NOT_FOUND),
    });
    await fixture.protect();
    expect((await login("kid=another")).html).toContain(NOT_FOUND);
  });

  test.each(["//elsewhere.test/", "https://elsewhere.test/", "/\\elsewhere.test", "http://["])(
    "to another host: %s",
    async (to) => {
      await fixture.protect();
      expect((await login(`redirect_url=${encodeURIComponent(to)}`)).html).toContain(NOT_FOUND);
    },
  );

  test("shows an error for an application deleted meanwhile", async () => {
    const { id } = await fixture.protect();
    const choice = await open();
    await fixture.declare(`/apps/${id}`, {}, "DELETE");
    expect((await fixture.signInFrom(choice)).html).toContain(NOT_FOUND);
  });

  test("shows and logs a refusal of Entra", async () => {
    const { id } = await fixture.protect();
    await fixture.connect({ client_secret: "not the secret" });
    const shown = await enter();
    expect(shown).toMatchObject({ status: 400, html: expect.stringContaining("AADSTS7000215: ") });
    const [entry] = await fixture.log();
    expect(entry).toMatchObject({ allowed: false, app_uid: id, app_domain: WIKI, user_email: "" });
    expect(shown.html).toContain(`Ray ID: ${entry?.ray_id}`);
  });
});

test("redirects from the login URL to the application", async () => {
  await fixture.protect();
  const choice = await fixture.browser().go(fixture.team(`/login/${WIKI}`));
  expect((await fixture.signInFrom(choice)).url).toBe(fixture.at(`${WIKI}/`));
});

test.each([
  ["dashboard.com", "dashboard.com/any/thing"],
  ["dashboard.com/*", "dashboard.com/"],
  ["dashboard.com/eng", "dashboard.com/eng"],
  ["dashboard.com/eng", "dashboard.com/eng/tools"],
  ["*.dashboard.com", "alpha.dashboard.com/"],
  ["*test.dashboard.com", "test.dashboard.com/"],
  ["*test.dashboard.com", "alphatest.dashboard.com/"],
  ["dashboard.com/alpha/*", "dashboard.com/alpha/one"],
  ["dashboard.com/foo*/bar", "dashboard.com/food/stuff/bar"],
])("%s covers %s", (uri, address) => {
  expect(protecting([uri], address)).toBe(uri);
});

test.each([
  ["dashboard.com", "alpha.dashboard.com/"],
  ["dashboard.com/eng", "dashboard.com/engine"],
  ["*.dashboard.com", "dashboard.com/"],
  ["*.dashboard.com", "foo.bar.dashboard.com/"],
  ["dashboard.com/alpha/*", "dashboard.com/alpha"],
  ["dashboard.com/foo*/bar", "dashboard.com/food"],
])("%s does not cover %s", (uri, address) => {
  expect(protecting([uri], address)).toBeUndefined();
});

test("chooses the most specific path, and a name before a wildcard", () => {
  const uris = ["*.dashboard.com", "a.dashboard.com", "a.dashboard.com/eng", "a.dashboard.com/eng/exec"];
  expect(protecting(uris, "a.dashboard.com/eng/exec/x")).toBe("a.dashboard.com/eng/exec");
  expect(protecting(uris, "a.dashboard.com/eng/other")).toBe("a.dashboard.com/eng");
  expect(protecting(uris, "a.dashboard.com/")).toBe("a.dashboard.com");
  expect(protecting(uris, "b.dashboard.com/")).toBe("*.dashboard.com");
});

/** Returns the application that protects an address. */
function protecting(uris: string[], address: string): string | undefined {
  const accessApplications = new Map(uris.map((uri) => [uri, { domain: uri, uris: [uri] }]));
  const { hostname, pathname } = new URL(`https://${address}`);
  return findApplicationAt({ accessApplications } as unknown as Account, hostname, pathname)?.domain;
}

describe("a preflight request", () => {
  const ask = async (headers: Record<string, string> = {}) => {
    const { port, host } = new URL(fixture.at(`${WIKI}/`));
    const given = { host, origin: "https://app.contoso.test", "access-control-request-method": "PUT" };
    const answer = await request(`http://127.0.0.1:${port}/`, {
      method: "OPTIONS",
      headers: { ...given, ...headers },
    });
    await answer.body.dump();
    return answer;
  };

  test("is refused without CORS settings, also after a sign-in", async () => {
    await fixture.protect({});
    expect((await ask()).statusCode).toBe(403);
  });

  test("is answered as the CORS settings say", async () => {
    const cors_headers = {
      allowed_origins: ["https://app.contoso.test"],
      allowed_methods: ["PUT"],
      allow_credentials: true,
      allowed_headers: ["X-Trace"],
      max_age: 600,
    };
    await fixture.protect({ application: { cors_headers } });
    const answer = await ask({ "access-control-request-headers": "x-trace" });
    expect([answer.statusCode, answer.headers]).toEqual([
      200,
      expect.objectContaining({
        "access-control-allow-origin": "https://app.contoso.test",
        "access-control-allow-methods": "PUT",
        "access-control-allow-headers": "x-trace",
        "access-control-allow-credentials": "true",
        "access-control-max-age": "600",
      }),
    ]);
    expect((await ask({ origin: "https://other.test" })).statusCode).toBe(501);
    expect((await ask({ "access-control-request-method": "DELETE" })).statusCode).toBe(501);
    expect((await ask({ "access-control-request-headers": "x-other" })).statusCode).toBe(501);
  });
});
