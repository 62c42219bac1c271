import { contoso } from "../../../twin/index";
import { Browser, type ShownPage } from "../entra/browser";
import { useAccessFixture } from "./access-fixture";

const fixture = useAccessFixture();
const HOST = "books.contoso.test";
const asking = { purpose_justification_required: true, purpose_justification_prompt: "Which <ticket>?" };
const open = () => fixture.browser().go(fixture.at(`${HOST}/page`));
const enter = async () => fixture.signInFrom(await open());
const state = ({ html }: ShownPage) => /name="state" value="([^"]+)"/.exec(html)?.[1] ?? "";
const say = (shown: ShownPage, purpose: string, browser: Browser = fixture.browser()) =>
  browser.go(fixture.team("/purpose"), { state: state(shown), purpose });

test("asks admitted users for the purpose once per session, and logs it", async () => {
  await fixture.protect({ host: HOST, policy: asking });
  const asked = await enter();
  expect(asked.html).toContain("Which &lt;ticket&gt;?");
  expect(await fixture.log()).toEqual([]);
  const shown = await say(asked, "TICKET-7");
  expect(shown).toMatchObject({ status: 200, url: fixture.at(`${HOST}/page`) });
  expect(await fixture.log()).toMatchObject([{ allowed: true, app_domain: HOST }]);
  const page = await (await fetch(fixture.twin().browserUrl)).text();
  expect(page).toContain("login: TICKET-7");
  expect((await open()).html).toContain("Cloudflare Access let you in");
  fixture.twin().clock.advance(23 * 3600);
  expect((await open()).status).toBe(200);
  fixture.twin().clock.advance(2 * 3600);
  expect((await enter()).html).toContain("Which &lt;ticket&gt;?");
});

test("asks again for an empty purpose", async () => {
  await fixture.protect({ host: HOST, policy: asking });
  expect((await say(await enter(), "  ")).html).toContain("Which &lt;ticket&gt;?");
  expect(await fixture.log()).toEqual([]);
});

test("does not ask refused users", async () => {
  await fixture.protect({
    host: HOST,
    policy: { ...asking, include: [{ email: { email: "x@contoso.test" } }] },
  });
  expect(await enter()).toMatchObject({ status: 403, html: expect.stringContaining("No policy matches") });
});

test("accepts the purpose only in the same session and browser", async () => {
  await fixture.protect({ host: HOST, policy: asking });
  const asked = await enter();
  const stranger = new Browser(fixture.twin());
  expect((await say(asked, "TICKET-7", stranger)).status).toBe(400);
  await stranger.close();
  const forged = { ...asked, html: asked.html.replace(state(asked), "x.y") };
  expect((await say(forged, "TICKET-7")).status).toBe(400);
});

test("stores approval settings, and answers 501 to admitted users", async () => {
  const groups = [{ approvals_needed: 1, email_addresses: ["boss@contoso.test"] }];
  const asks = { approval_required: true, approval_groups: groups };
  const { policies } = await fixture.protect({ host: HOST, policy: asks });
  expect(policies[0]).toMatchObject({ ...asks, purpose_justification_required: false });
  expect(await enter()).toMatchObject({ status: 501, html: expect.stringContaining("approval") });
  expect(await fixture.log()).toEqual([]);
});

test("requires existing tags, and refuses to delete those in use", async () => {
  const call = fixture.client().accessAs(contoso.accountId, contoso.tokens.administrator.value);
  const application = { type: "self_hosted", name: "Books", domain: HOST, tags: ["money"] };
  expect((await call("POST", "/apps", application)).status).toBe(400);
  await fixture.declare("/tags", { name: "money" });
  const made = await fixture.declare("/apps", application);
  expect(made.tags).toEqual(["money"]);
  expect((await call("GET", "/tags")).body.result).toMatchObject([{ name: "money", app_count: 1 }]);
  expect((await call("POST", "/tags", { name: "money" })).status).toBe(409);
  expect((await call("DELETE", "/tags/money")).status).toBe(409);
  await fixture.declare(`/apps/${made.id}`, {}, "DELETE");
  expect((await call("DELETE", "/tags/money")).body.result).toEqual({ name: "money" });
  expect((await call("GET", "/tags/money")).status).toBe(404);
});
