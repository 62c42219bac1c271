import { createLocalJWKSet, jwtVerify } from "jose";
import { request } from "undici";
import { contosoGroups, contosoUsers, fabrikam } from "../../../twin/index";
import { Browser } from "../entra/browser";
import { findFirstLink, useAccessFixture } from "./access-fixture";

const it = useAccessFixture();
const { ada, chidi } = contosoUsers;
const WIKI = "wiki.contoso.test";
const DAY = 24 * 3600;
const authorizations = () =>
  it.twin().requests.filter(({ path }) => path.endsWith("/oauth2/v2.0/authorize")).length;
const cookies = (name: string) => it.browser().cookies.filter((cookie) => cookie.name === name);

/** Goes to the wiki and signs in there. */
async function enter(user: Parameters<typeof it.signInFrom>[1] = ada) {
  return it.signInFrom(await it.browser().go(it.at(`${WIKI}/page?id=1`)), user);
}

test("leads an anonymous user through the choice of identity provider and sign-in to the requested page", async () => {
  const application = await it.protect();
  const choice = await it.browser().go(it.at(`${WIKI}/page?id=1`));
  const { hostname, pathname, searchParams } = new URL(choice.url);
  expect(hostname).toBe("contoso.cloudflareaccess.com.localhost");
  expect(pathname).toBe(`/cdn-cgi/access/login/${WIKI}`);
  expect(Object.fromEntries(searchParams)).toEqual({
    kid: application.aud,
    redirect_url: "/page?id=1",
    meta: expect.any(String),
  });
  expect(choice.html).toContain(`Sign in to Application ${WIKI}`);
  expect(choice.html).toMatch(/<a href="http:\/\/login.microsoftonline.com.localhost:[^"]+">Entra ID<\/a>/);

  const shown = await it.signInFrom(choice);
  expect(shown).toMatchObject({ status: 200, url: it.at(`${WIKI}/page?id=1`) });
  expect(shown.html).toContain(`You are <strong>${ada.displayName}</strong>`);
  expect(shown.html).toMatch(/<dt>Cf-Access-Authenticated-User-Email<\/dt><dd>ada@contoso/);
  expect(await it.log()).toMatchObject([
    { action: "login", allowed: true, app_domain: WIKI, app_uid: application.id, user_email: ada.mail },
  ]);
});

test("issues tokens in the documented form, which the published keys verify", async () => {
  await it.connect({ claims: ["oid"] });
  const application = await it.protect();
  await enter();
  const { html } = await it.browser().go(it.team("/certs"));
  const keys = JSON.parse(html);
  expect(keys).toEqual({
    keys: [
      {
        kid: expect.stringMatching(/^[0-9a-f]{64}$/),
        kty: "RSA",
        alg: "RS256",
        use: "sig",
        e: "AQAB",
        n: expect.any(String),
      },
    ],
    public_cert: { kid: keys.keys[0].kid, cert: expect.stringContaining("BEGIN CERTIFICATE") },
    public_certs: [keys.public_cert],
  });
  const [org, app] = cookies("CF_Authorization").sort((one, other) => one.host.localeCompare(other.host));
  const { payload, protectedHeader } = await jwtVerify(app?.value ?? "", createLocalJWKSet(keys), {
    issuer: "https://contoso.cloudflareaccess.com",
    audience: application.aud,
  });
  expect(protectedHeader).toEqual({ alg: "RS256", kid: keys.keys[0].kid, typ: "JWT" });
  expect(payload).toEqual({
    aud: [application.aud],
    email: ada.mail,
    exp: Number(payload.iat) + DAY,
    iat: expect.any(Number),
    nbf: payload.iat,
    iss: "https://contoso.cloudflareaccess.com",
    type: "app",
    identity_nonce: expect.any(String),
    sub: expect.stringMatching(/^[0-9a-f-]{36}$/),
    country: "XX",
    custom: { oid: ada.id },
  });
  const global = await jwtVerify(org?.value ?? "", createLocalJWKSet(keys));
  expect(global.payload).toMatchObject({ type: "org", sub: payload.sub });
  expect(global.payload.aud).not.toEqual(payload.aud);
});

test("returns the identity on both domains, and 401 without a valid token", async () => {
  await it.protect();
  await enter();
  for (const address of [it.team("/get-identity"), it.at(`${WIKI}/cdn-cgi/access/get-identity`)]) {
    const identity = JSON.parse((await it.browser().go(address)).html);
    expect(identity).toMatchObject({
      email: ada.mail,
      groups: expect.arrayContaining([{ id: contosoGroups.employees.id, name: "Employees" }]),
      idp: { id: it.provider().id, type: "azureAD" },
    });
  }
  for (const cookie of cookies("CF_Authorization")) cookie.value = `${cookie.value.slice(0, -4)}AAAA`;
  expect((await it.browser().go(it.team("/get-identity"))).status).toBe(401);
  it.browser().cookies = [];
  expect(await it.browser().go(it.team("/get-identity"))).toMatchObject({
    status: 401,
    html: '{"err":"no app token set"}',
  });
});

test("needs one sign-in for all applications, but a separate token for each", async () => {
  await it.protect();
  await it.protect({ host: "files.contoso.test" });
  await enter();
  const token = cookies("CF_Authorization").find(({ host }) => host.startsWith("wiki"));
  it.browser().cookies.push({ ...token, host: "files.contoso.test.localhost" } as never);
  const before = authorizations();
  const shown = await it.browser().go(it.at("files.contoso.test/"));
  expect(shown).toMatchObject({ status: 200, url: it.at("files.contoso.test/") });
  expect(authorizations()).toBe(before);
  expect(it.twin().requests).toContainEqual(
    expect.objectContaining({
      service: "access",
      path: "/cdn-cgi/access/login/files.contoso.test",
      status: 302,
    }),
  );
});

test("renews an application's token until the global session ends", async () => {
  await it.protect({ policy: { session_duration: "30m" } });
  await enter();
  const before = authorizations();
  it.twin().clock.advance(1801);
  expect((await it.browser().go(it.at(`${WIKI}/`))).html).toContain("You are");
  expect(authorizations()).toBe(before);
  expect(await it.log()).toHaveLength(2);
  it.twin().clock.advance(DAY - 1801);
  expect((await it.browser().go(it.at(`${WIKI}/`))).html).toContain("Sign in with:");
});

test("uses the organization's duration of the global session", async () => {
  await it.declare("/organizations", { session_duration: "15m" }, "PUT");
  await it.protect({ policy: { session_duration: "5m" } });
  await enter();
  it.twin().clock.advance(901);
  expect((await it.browser().go(it.at(`${WIKI}/`))).html).toContain("Sign in with:");
});

test.each(["team domain", "application"])("logging out at the %s ends everything", async (where) => {
  await it.protect();
  await it.protect({ host: "files.contoso.test" });
  await enter();
  await it.browser().go(it.at("files.contoso.test/"));
  const logout = where === "application" ? it.at(`${WIKI}/cdn-cgi/access/logout`) : it.team("/logout");
  expect((await it.browser().go(logout)).html).toContain("You have been logged out");
  for (const host of [WIKI, "files.contoso.test"]) {
    expect((await it.browser().go(it.at(`${host}/`))).html).toContain("Sign in with:");
  }
  expect(await it.log("?limit=1")).toMatchObject([{ action: "logout", user_email: ada.mail }]);
});

test("keeps other users signed in on logout", async () => {
  await it.protect();
  await enter(chidi);
  const other = new Browser(it.twin());
  const choice = await other.go(it.at(`${WIKI}/`));
  await other.go(findFirstLink(choice));
  await other.signIn(ada);
  await other.go(it.team("/logout"));
  await other.close();
  expect((await it.browser().go(it.at(`${WIKI}/`))).html).toContain(chidi.displayName);
});

test("accepts a handoff only from the same browser within a minute", async () => {
  await it.protect();
  let leave = "";
  it.browser().intercept = (url) => {
    if (url.pathname.endsWith("/authorized")) leave = url.href;
    return url;
  };
  await enter();
  const other = new Browser(it.twin());
  await other.go(it.at(`${WIKI}/`));
  const message = "Invalid login session. Please try going to the URL of your application again.";
  expect(await other.go(leave)).toMatchObject({ status: 400, html: expect.stringContaining(message) });
  await other.close();
  it.twin().clock.advance(60);
  expect(await it.browser().go(leave)).toMatchObject({ status: 400, html: expect.stringContaining(message) });
});

test("refuses tokens of another team", async () => {
  await it.protect();
  await enter();
  const [token] = cookies("CF_Authorization").filter(({ host }) => host.startsWith("contoso"));
  const host = `${fabrikam.teamName}.cloudflareaccess.com`;
  it.browser().cookies.push({ ...token, host: `${host}.localhost` } as never);
  const shown = await it.browser().go(it.at(`${host}/cdn-cgi/access/get-identity`));
  expect(shown.status).toBe(401);
});

test("answers 401 to requests of scripts without a session", async () => {
  await it.protect();
  const { host, port } = new URL(it.at(`${WIKI}/`));
  const ask = async (headers: Record<string, string>) => {
    const answer = await request(`http://127.0.0.1:${port}/`, { headers: { host, ...headers } });
    await answer.body.dump();
    return answer.statusCode;
  };
  expect(await ask({})).toBe(302);
  expect(await ask({ "x-requested-with": "XMLHttpRequest" })).toBe(401);
});
