import { contosoGroups, contosoUsers, devSeed } from "../../../twin/index";
import { resolveOrigin } from "../../../twin/store/cloudflare/places";
import { parseShownJson, useAccessFixture } from "./access-fixture";

const fixture = useAccessFixture();
const WIKI = "wiki.contoso.test";
const open = () => fixture.browser().go(fixture.at(`${WIKI}/`));
const enter = async () => fixture.signInFrom(await open());

/** Moves whoever sits at this machine. */
const moveTo = (country: string, ip = "203.0.113.9") => {
  fixture.twin().places = { "127.0.0.1": { ip, country } };
};
const engineersIn = (country_code: string) => ({
  include: [{ azureAD: { id: contosoGroups.engineers.id, identity_provider_id: fixture.provider().id } }],
  require: [{ geo: { country_code } }],
});

test("admits only users in the allowed country", async () => {
  await fixture.protect({ policy: engineersIn("DE") });
  moveTo("DE");
  const shown = await enter();
  expect(shown.html).toContain("Cloudflare Access let you in");
  expect(parseShownJson(shown)).toMatchObject({ ip: "203.0.113.9", geo: { country: "DE" } });
  expect(await fixture.log()).toMatchObject([{ allowed: true, ip_address: "203.0.113.9" }]);
  fixture.browser().cookies = [];
  moveTo("FR");
  expect(await enter()).toMatchObject({ status: 403, html: expect.stringContaining("No policy matches") });
});

test("matches no country for an unknown origin", async () => {
  await fixture.protect({ policy: engineersIn("DE") });
  expect(await enter()).toMatchObject({ status: 403, html: expect.stringContaining("No policy matches") });
});

test("refuses users in a blocked country", async () => {
  const { policies, id } = await fixture.protect();
  const rule = { name: "not from there", decision: "deny", include: [{ geo: { country_code: "RU" } }] };
  const block = await fixture.declare("/policies", rule);
  const settings = { type: "self_hosted", name: "Wiki", domain: WIKI, policies: [block.id, policies[0].id] };
  await fixture.declare(`/apps/${id}`, settings, "PUT");
  moveTo("RU");
  expect((await enter()).html).toContain("Policy not from there blocks the request (deny).");
  moveTo("NL");
  expect((await open()).status).toBe(200);
});

test("refuses an admitted user who moves, and admits them again on return", async () => {
  await fixture.protect({ policy: engineersIn("DE") });
  moveTo("DE");
  await enter();
  moveTo("FR");
  expect(await open()).toMatchObject({ status: 403, html: expect.stringContaining("No policy matches") });
  moveTo("DE");
  expect((await open()).status).toBe(200);
});

test("compares ranges with the address that Cloudflare sees", async () => {
  await fixture.protect({ policy: { decision: "bypass", include: [{ ip: { ip: "198.51.100.0/24" } }] } });
  moveTo("DE", "198.51.100.7");
  expect((await open()).html).toContain("admits the request (bypass)");
  moveTo("DE", "198.51.101.7");
  expect((await open()).html).toContain("Sign in to");
});

test("takes origins from the seed, restores them at reset, and keeps them in snapshots", async () => {
  const places = { "127.0.0.1": { country: "AT" } };
  fixture.twin().reset({ ...devSeed, places });
  const snapshot = fixture.twin().snapshot();
  fixture.twin().reset();
  expect(fixture.twin().places).toEqual({});
  fixture.twin().restore(snapshot);
  expect(fixture.twin().places).toEqual(places);
});

test("uses the address itself and an unknown country by default", () => {
  const places = new Map([["127.0.0.2", { country: "DE" }]]);
  expect(resolveOrigin(places, "::ffff:127.0.0.2")).toEqual({ ip: "127.0.0.2", country: "DE" });
  expect(resolveOrigin(places, "127.0.0.1")).toEqual({ ip: "127.0.0.1", country: "XX" });
});

test("shows origins on the home page", async () => {
  moveTo("DE");
  const answer = await fetch(fixture.twin().browserUrl);
  expect((await answer.text()).replace(/<[^>]+>/g, " ")).toMatch(/127\.0\.0\.1\s+203\.0\.113\.9\s+DE/);
});

test("keeps a user admitted who moves if the rules do not depend on the origin", async () => {
  await fixture.protect({ policy: { include: [{ email: { email: contosoUsers.ada.mail } }] } });
  await enter();
  moveTo("FR");
  expect((await open()).status).toBe(200);
});
