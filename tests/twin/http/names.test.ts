import { contoso, contosoUsers } from "../../../twin/index";
import { parseReply, REDIRECT_URI, useEntraFixture } from "../entra/entra-fixture";

const fixture = useEntraFixture();
const { ada } = contosoUsers;
const signInPage = (path: string) => fixture.twin().browserUrlOf(`https://login.microsoftonline.com${path}`);

test("translates real host names to addresses for browsers, and refuses others", () => {
  const twin = fixture.twin();
  const { port } = new URL(twin.browserUrl);
  expect(twin.browserUrl).toBe(`http://localhost:${port}`);
  expect(twin.browserUrlOf(`${REDIRECT_URI}?a=b#c`)).toBe(
    `http://contoso.cloudflareaccess.com.localhost:${port}/cdn-cgi/access/callback?a=b#c`,
  );
  expect(twin.browserUrlOf(`${twin.microsoftUrl}/x`)).toBe(
    `http://login.microsoftonline.com.localhost:${port}/x`,
  );
  for (const elsewhere of ["https://nobody.cloudflareaccess.com/", "http://login.microsoftonline.com/"]) {
    expect(() => twin.browserUrlOf(elsewhere)).toThrow(RangeError);
  }
});

test("serves sign-in at Entra's host name over plain HTTP, and redirects to the local redirect URI", async () => {
  const picker = await fixture.browser().go(signInPage(fixture.address()));
  expect(picker).toMatchObject({ status: 200, html: expect.stringContaining("Pick an account") });
  expect(new URL(picker.url).hostname).toBe("login.microsoftonline.com.localhost");
  const back = await fixture.browser().signIn(ada);
  expect(back.url.startsWith(fixture.twin().browserUrlOf(REDIRECT_URI))).toBe(true);
  expect(parseReply(back)).toEqual({ code: expect.any(String), state: "some state" });
  const { status } = await fixture.redeem({ code: fixture.codeOf(back) });
  expect(status).toBe(200);

  const log = fixture.twin().requests.filter(({ service }) => service === "login");
  expect(log.map(({ path }) => path)).toContain(`/${contoso.tenantId}/oauth2/v2.0/authorize`);
  const again = await fixture.browser().go(signInPage(fixture.address({ prompt: "none" })));
  expect(parseReply(again)).toHaveProperty("code");
  const out = await fixture.browser().go(signInPage(`/${contoso.tenantId}/oauth2/v2.0/logout`));
  expect(out.html).toContain("You signed out");
  expect(await fixture.browser().go(signInPage(fixture.address()))).toMatchObject({
    html: expect.stringContaining("Pick an account"),
  });
});

test("rewrites the redirect URI in forms", async () => {
  await fixture.browser().go(signInPage(fixture.address({ response_mode: "form_post" })));
  const shown = await fixture.browser().signIn(ada);
  expect(shown.html).toContain(`action="${fixture.twin().browserUrlOf(REDIRECT_URI)}"`);
});

test("answers 404 for unknown host names", async () => {
  const { port } = new URL(fixture.twin().browserUrl);
  for (const name of ["example.org.localhost", "nobody.cloudflareaccess.com.localhost"]) {
    const shown = await fixture.browser().go(`http://${name}:${port}/`);
    expect(shown).toMatchObject({
      status: 404,
      html: `The twin serves nothing under the host name ${name}.`,
    });
  }
});
