import { Browser, type ShownPage } from "../entra/browser";
import { parseShownJson, useAccessFixture } from "./access-fixture";

const fixture = useAccessFixture();
const ROOT = "root@contoso.example";
const HOST = "emergency.contoso.test";
const NO_ACCESS = "That account does not have access.";

let pin: { id: string };
beforeEach(async () => {
  const body = { name: "One-time PIN", type: "onetimepin", config: {} };
  pin = (await fixture.cloudflare("POST", "/identity_providers", body)).body.result;
  await protect();
});

/** An application for one address, by way of the one-time PIN alone. */
const protect = (o: { host?: string; idps?: string[]; rules?: object } = {}) =>
  fixture.protect({
    host: o.host ?? HOST,
    policy: {
      include: [{ email: { email: ROOT } }],
      require: [{ login_method: { id: pin.id } }],
      ...o.rules,
    },
    application: { allowed_idps: o.idps ?? [pin.id] },
  });

const hidden = ({ html }: ShownPage, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? "";
const action = ({ html, url }: ShownPage) => new URL(/action="([^"]+)"/.exec(html)?.[1] ?? "", url).href;

/** Fills the form that is shown. */
const fill = (shown: ShownPage, fields: Record<string, string>, browser: Browser = fixture.browser()) =>
  browser.go(action(shown), { state: hidden(shown, "state"), email: hidden(shown, "email"), ...fields });
const open = (host = HOST) => fixture.browser().go(fixture.at(`${host}/`));
const ask = async (email = ROOT) => fill(await open(), { email });
const lastPin = () => fixture.twin().mails.at(-1)?.pin ?? "no mail";

test("mails a PIN to an admitted address, and admits the user with it", async () => {
  const asked = await ask();
  expect(asked.html).toContain("A code has been emailed to you");
  expect(asked.html).not.toContain(lastPin());
  expect(fixture.twin().mails).toEqual([
    {
      to: ROOT,
      pin: expect.stringMatching(/^\d{6}$/),
      sentAt: expect.any(String),
      expiresAt: expect.any(String),
    },
  ]);
  const shown = await fill(asked, { code: lastPin() });
  expect(shown.url).toBe(fixture.at(`${HOST}/`));
  expect(shown.html).toContain("Cloudflare Access let you in");
  const identity = parseShownJson(shown);
  expect(identity).toMatchObject({ email: ROOT, name: ROOT, idp: { id: pin.id, type: "onetimepin" } });
  expect(identity).not.toHaveProperty("amr");
  expect(await fixture.log()).toMatchObject([{ allowed: true, connection: "onetimepin", user_email: ROOT }]);
  expect((await open()).html).toContain("Cloudflare Access let you in");
});

test("shows others the same page, without mail and log entry", async () => {
  const named = await ask();
  const other = await ask("eve@contoso.example");
  const text = ({ html }: ShownPage) =>
    html.replace(/value="[^"]*"/g, "").replaceAll("eve@contoso.example", ROOT);
  expect(text(other)).toBe(text(named));
  expect(fixture.twin().mails.map(({ to }) => to)).toEqual([ROOT]);
  expect(await fixture.log()).toEqual([]);
  expect(await fill(other, { code: lastPin() })).toMatchObject({
    status: 403,
    html: expect.stringContaining(NO_ACCESS),
  });
});

test("accepts a PIN only for its address", async () => {
  const asked = await ask();
  const shown = await fill(asked, { email: "eve@contoso.example", code: lastPin() });
  expect(shown).toMatchObject({ status: 403, html: expect.stringContaining(NO_ACCESS) });
  expect(await fixture.log()).toMatchObject([{ allowed: false, user_email: "eve@contoso.example" }]);
});

test("refuses and logs a wrong PIN, and accepts the right one afterwards", async () => {
  const asked = await ask();
  const wrong = lastPin() === "000000" ? "000001" : "000000";
  const shown = await fill(asked, { code: wrong });
  expect(shown).toMatchObject({
    status: 403,
    html: expect.stringContaining("The code is wrong or has expired."),
  });
  expect(await fixture.log()).toMatchObject([{ allowed: false, connection: "onetimepin", user_email: ROOT }]);
  expect((await fill(asked, { code: lastPin() })).status).toBe(200);
});

test("accepts a PIN once and for ten minutes", async () => {
  const late = await ask();
  fixture.twin().clock.advance(600);
  expect(await fill(late, { code: lastPin() })).toMatchObject({ status: 403 });
  const asked = await ask();
  fixture.twin().clock.advance(599);
  expect((await fill(asked, { code: lastPin() })).status).toBe(200);
  expect(await fill(asked, { code: lastPin() })).toMatchObject({
    status: 400,
    html: expect.stringContaining("This One-Time PIN has already been used"),
  });
});

test("accepts a PIN only in the same browser and sign-in", async () => {
  const asked = await ask();
  const stranger = new Browser(fixture.twin());
  expect(await fill(asked, { code: lastPin() }, stranger)).toMatchObject({ status: 400 });
  await stranger.close();
  const first = lastPin();
  const again = await ask();
  if (lastPin() !== first) expect(await fill(again, { code: first })).toMatchObject({ status: 403 });
  expect(
    await fill({ ...again, html: again.html.replace(hidden(again, "state"), "x.y") }, { code: first }),
  ).toMatchObject({ status: 400 });
});

test("distinguishes the same address from Entra and by PIN", async () => {
  await protect({ host: "both.contoso.test", idps: [pin.id, fixture.provider().id] });
  const choice = await open("both.contoso.test");
  expect(choice.html).toContain("Entra ID</a>");
  expect(choice.html).toContain("Send me a code");
  await protect({
    host: "entra.contoso.test",
    rules: { require: [{ login_method: { id: fixture.provider().id } }] },
    idps: [],
  });
  await fill(await open("entra.contoso.test"), { email: ROOT });
  expect(fixture.twin().mails).toEqual([]);
});

test("does not offer the PIN if the application does not allow it", async () => {
  await protect({ host: "wiki.contoso.test", idps: [fixture.provider().id], rules: { require: [] } });
  expect((await open("wiki.contoso.test")).html).not.toContain("Send me a code");
});

test("does not count a PIN as a second factor", async () => {
  await protect({
    host: "vault.contoso.test",
    rules: { require: [{ auth_method: { auth_method: "mfa" } }] },
  });
  await fill(await open("vault.contoso.test"), { email: ROOT });
  expect(fixture.twin().mails).toEqual([]);
});

test("answers 501 for what is not served before any mail", async () => {
  await protect({ host: "odd.contoso.test", rules: { require: [{ certificate: {} }] } });
  expect(await fill(await open("odd.contoso.test"), { email: ROOT })).toMatchObject({ status: 501 });
  expect(fixture.twin().mails).toEqual([]);
  expect((await fixture.browser().go(fixture.team(`/test-idp/${pin.id}`))).status).toBe(501);
});

test("shows mails with their state on the home page, and logs no PIN", async () => {
  const words = async () =>
    (await (await fetch(fixture.twin().browserUrl)).text()).replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
  const asked = await ask();
  expect(await words()).toMatch(new RegExp(`${ROOT} ${lastPin()} \\S+ \\S+ UTC valid`));
  await fill(asked, { code: lastPin() });
  expect(await words()).toMatch(new RegExp(`${ROOT} ${lastPin()} \\S+ \\S+ UTC used`));
  expect(JSON.stringify(fixture.twin().requests)).not.toContain(lastPin());
  expect(JSON.stringify(await fixture.log())).not.toContain(lastPin());
});
