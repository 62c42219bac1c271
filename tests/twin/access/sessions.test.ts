import { createLocalJWKSet, jwtVerify } from "jose";
import { request } from "undici";
import { contosoGroups, contosoUsers, fabrikam } from "../../../twin/index";
import { Browser } from "../entra/browser";
import { findFirstLink, useAccessFixture } from "./access-fixture";

const fixture = useAccessFixture();
const { ada, chidi } = contosoUsers;
const WIKI = "wiki.contoso.test";
const DAY = 24 * 3600;
const authorizations = () =>
  fixture.twin().requests.filter(({ path }) => path.endsWith("/oauth2/v2.0/authorize")).length;
const cookies = (name: string) => fixture.browser().cookies.filter((cookie) => cookie.name === name);

/** Goes to the wiki and signs in there. */
async function enter(user: Parameters<typeof fixture.signInFrom>[1] = ada) {
  return fixture.signInFrom(await fixture.browser().go(fixture.at(`${WIKI}/page?id=1`)), user);
}

test("leads an anonymous user through the choice of identity provider and sign-in to the requested page", async () => {
  const application = await fixture.protect();
  const choice = await fixture.browser().go(fixture.at(`${WIKI}/page?id=1`));
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

  const shown = await fixture.signInFrom(choice);
  expect(shown).toMatchObject({ status: 200, url: fixture.at(`${WIKI}/page?id=1`) });
  expect(shown.html).toContain(`You are <strong>${ada.displayName}</strong>`);
  expect(shown.html).toMatch(/<dt>Cf-Access-Authenticated-User-Email<\/dt><dd>ada@contoso/);
  expect(await fixture.log()).toMatchObject([
    { action: "login", allowed: true, app_domain: WIKI, app_uid: application.id, user_email: ada.mail },
  ]);
});

test("issues tokens in the documented form, which the published keys verify", async () => {
  await fixture.connect({ claims: ["oid"] });
  const application = await fixture.protect();
  await enter();
  const { html } = await fixture.browser().go(fixture.team("/certs"));
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
  await fixture.protect();
  await enter();
  for (const address of [fixture.team("/get-identity"), fixture.at(`${WIKI}/cdn-cgi/access/get-identity`)]) {
    const identity = JSON.parse((await fixture.browser().go(address)).html);
    expect(identity).toMatchObject({
      email: ada.mail,
      groups: expect.arrayContaining([{ id: contosoGroups.employees.id, name: "Employees" }]),
      idp: { id: fixture.provider().id, type: "azureAD" },
    });
  }
  for (const cookie of cookies("CF_Authorization")) cookie.value = `${cookie.value.slice(0, -4)}AAAA`;
  expect((await fixture.browser().go(fixture.team("/get-identity"))).status).toBe(401);
  fixture.browser().cookies = [];
  expect(await fixture.browser().go(fixture.team("/get-identity"))).toMatchObject({
    status: 401,
    html: '{"err":"no app token set"}',
  });
});

test("needs one sign-in for all applications, but a separate token for each", async () => {
  await fixture.protect();
  await fixture.protect({ host: "files.contoso.test" });
  await enter();
  const token = cookies("CF_Authorization").find(({ host }) => host.startsWith("wiki"));
  fixture.browser().cookies.push({ ...token, host: "files.contoso.test.localhost" } as never);
  const before = authorizations();
  const shown = await fixture.browser().go(fixture.at("files.contoso.test/"));
  expect(shown).toMatchObject({ status: 200, url: fixture.at("files.contoso.test/") });
  expect(authorizations()).toBe(before);
  expect(fixture.twin().requests).toContainEqual(
    expect.objectContaining({
      service: "access",
      path: "/cdn-cgi/access/login/files.contoso.test",
      status: 302,
    }),
  );
});

test("renews an application's token until the global session ends", async () => {
  await fixture.protect({ policy: { session_duration: "30m" } });
  await enter();
  const before = authorizations();
  fixture.twin().clock.advance(1801);
  expect((await fixture.browser().go(fixture.at(`${WIKI}/`))).html).toContain("You are");
  expect(authorizations()).toBe(before);
  expect(await fixture.log()).toHaveLength(2);
  fixture.twin().clock.advance(DAY - 1801);
  expect((await fixture.browser().go(fixture.at(`${WIKI}/`))).html).toContain("Sign in with:");
});

test("uses the organization's duration of the global session", async () => {
  await fixture.declare("/organizations", { session_duration: "15m" }, "PUT");
  await fixture.protect({ policy: { session_duration: "5m" } });
  await enter();
  fixture.twin().clock.advance(901);
  expect((await fixture.browser().go(fixture.at(`${WIKI}/`))).html).toContain("Sign in with:");
});

test.each(["team domain", "application"])("logging out at the %s ends everything", async (where) => {
  await fixture.protect();
  await fixture.protect({ host: "files.contoso.test" });
  await enter();
  await fixture.browser().go(fixture.at("files.contoso.test/"));
  const logout =
    where === "application" ? fixture.at(`${WIKI}/cdn-cgi/access/logout`) : fixture.team("/logout");
  expect((await fixture.browser().go(logout)).html).toContain("You have been logged out");
  for (const host of [WIKI, "files.contoso.test"]) {
    expect((await fixture.browser().go(fixture.at(`${host}/`))).html).toContain("Sign in with:");
  }
  expect(await fixture.log("?limit=1")).toMatchObject([{ action: "logout", user_email: ada.mail }]);
});

test("keeps other users signed in on logout", async () => {
  await fixture.protect();
  await enter(chidi);
  const other = new Browser(fixture.twin());
  const choice = await other.go(fixture.at(`${WIKI}/`));
  await other.go(findFirstLink(choice));
  await other.signIn(ada);
  await other.go(fixture.team("/logout"));
  await other.close();
  expect((await fixture.browser().go(fixture.at(`${WIKI}/`))).html).toContain(chidi.displayName);
});

test("accepts a handoff only from the same browser within a minute", async () => {
  await fixture.protect();
  let leave = "";
  fixture.browser().intercept = (url) => {
    if (url.pathname.endsWith("/authorized")) leave = url.href;
    return url;
  };
  await enter();
  const other = new Browser(fixture.twin());
  await other.go(fixture.at(`${WIKI}/`));
  const message = "Invalid login session. Please try going to the URL of your application again.";
  expect(await other.go(leave)).toMatchObject({ status: 400, html: expect.stringContaining(message) });
  await other.close();
  fixture.twin().clock.advance(60);
  expect(await fixture.browser().go(leave)).toMatchObject({
    status: 400,
    html: expect.stringContaining(message),
  });
});

test("refuses tokens of another team", async () => {
  await fixture.protect();
  await enter();
  const [token] = cookies("CF_Authorization").filter(({ host }) => host.startsWith("contoso"));
  const host = `${fabrikam.teamName}.cloudflareaccess.com`;
  fixture.browser().cookies.push({ ...token, host: `${host}.localhost` } as never);
  const shown = await fixture.browser().go(fixture.at(`${host}/cdn-cgi/access/get-identity`));
  expect(shown.status).toBe(401);
});

test("answers 401 to requests of scripts without a session", async () => {
  await fixture.protect();
  const { host, port } = new URL(fixture.at(`${WIKI}/`));
  const ask = async (headers: Record<string, string>) => {
    const answer = await request(`http://127.0.0.1:${port}/`, { headers: { host, ...headers } });
    await answer.body.dump();
    return answer.statusCode;
  };
  expect(await ask({})).toBe(302);
  expect(await ask({ "x-requested-with": "XMLHttpRequest" })).toBe(401);
});
