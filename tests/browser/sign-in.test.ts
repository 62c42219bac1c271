import { contoso, contosoUsers } from "../../twin/index";
import { registerPermissions } from "../twin/access/access-fixture";
import { browserTimeout, expectPage, useBrowserFixture } from "./browser-fixture";

jest.setTimeout(browserTimeout);
const fixture = useBrowserFixture();
const { ada, ben, chidi, farida } = contosoUsers;

const press = (name: string) => fixture.page().getByRole("button", { name, exact: true }).click();
const text = () => fixture.page().getByRole("main").textContent();

/** Makes the application anew, to which nobody has consented. */
async function withoutConsent(config?: object) {
  fixture.use(await fixture.make({ application: registerPermissions(), consent: null }));
  await fixture.connect(config);
}

test("leads from the Test button through sign-in and consent to a working connection", async () => {
  await withoutConsent();
  await fixture.pressTest();
  await expectPage(fixture.page(), "Pick an account", "pick an account");
  await fixture.page().getByRole("button", { name: farida.displayName }).click();
  await expectPage(fixture.page(), "Enter password", "enter password");
  await fixture
    .page()
    .getByLabel("Password")
    .fill(farida.password ?? "");
  await press("Sign in");
  await expectPage(fixture.page(), "Permissions requested", "permissions requested");
  await fixture.page().getByLabel("Consent on behalf of your organization").check();
  await press("Accept");
  await expectPage(fixture.page(), "Your connection works!", "your connection works, in no group");

  const another = await fixture.open();
  await fixture.pressTest(another);
  await fixture.signIn(ben, another);
  await expectPage(another, "Your connection works!", "your connection works");
  const shown = await another.getByRole("main").textContent();
  for (const fact of [ben.displayName, ben.mail, "Engineers", "Employees"]) expect(shown).toContain(fact);
  await fixture.page().goto(fixture.twin().browserUrl);
  await fixture.page().getByText("Sign-in log").first().click();
  const log = fixture.page().getByRole("table", { name: "Sign-in log" });
  expect(await log.getByRole("row").allInnerTexts()).toEqual([
    expect.stringContaining("User"),
    expect.stringMatching(`${ben.mail}.*allowed`),
    expect.stringMatching(`${farida.mail}.*allowed`),
  ]);
});

test("shows declined consent at Access", async () => {
  await withoutConsent();
  await fixture.pressTest();
  await fixture.signIn(farida);
  await expectPage(fixture.page(), "Permissions requested", "permissions requested");
  await press("Cancel");
  await expectPage(fixture.page(), "Your connection does not work", "consent declined");
  expect(await text()).toContain("AADSTS65004: User declined to consent");
});

test("tells a user who may not consent to ask an administrator", async () => {
  await withoutConsent();
  await fixture.pressTest();
  await fixture.signIn(ada);
  await expectPage(fixture.page(), "Need admin approval", "need admin approval");
  expect(await text()).toContain("AADSTS90094");
});

test("allows another attempt after a wrong password or an unknown account", async () => {
  await fixture.pressTest();
  await fixture.page().getByLabel("Use another account").fill("nobody@contoso.onmicrosoft.com");
  await press("Next");
  await expectPage(fixture.page(), "Pick an account", "unknown account");
  expect(await fixture.page().getByRole("alert").textContent()).toContain("AADSTS50034");
  await fixture.signIn({ ...ada, password: "wrong" });
  await expectPage(fixture.page(), "Enter password", "wrong password");
  expect(await fixture.page().getByRole("alert").textContent()).toContain("AADSTS50126");
  await fixture
    .page()
    .getByLabel("Password")
    .fill(ada.password ?? "");
  await press("Sign in");
  await expectPage(fixture.page(), "Your connection works!", "your connection works");
});

test("requires a sign-in again only after signing out of Entra", async () => {
  await fixture.pressTest();
  await fixture.signIn(ada);
  await expectPage(fixture.page(), "Your connection works!", "your connection works");
  await fixture.pressTest();
  await expectPage(fixture.page(), "Your connection works!", "your connection works");
  const entra = new URL(fixture.twin().browserUrlOf("https://login.microsoftonline.com/"));
  await fixture.page().goto(`${entra.origin}/${contoso.tenantId}/oauth2/v2.0/logout`);
  await expectPage(fixture.page(), "You signed out of your account", "signed out");
  await fixture.pressTest();
  await expectPage(fixture.page(), "Pick an account", "pick an account");
});

// The others look alike: tests/twin/access/failures.test.ts.
test.each([
  [
    "a person who is not assigned on a page of Entra",
    "Sign in",
    "login.microsoftonline.com.localhost",
    "AADSTS50105: ",
    async () =>
      fixture.use(await fixture.make({ principal: { appRoleAssignmentRequired: true }, consent: "openid" })),
  ],
  [
    "a wrong client secret on a page of Access",
    "Your connection does not work",
    "contoso.cloudflareaccess.com.localhost",
    "AADSTS7000215: Invalid client secret provided",
    async () => {},
  ],
])("shows %s", async (what, heading, host, message, make) => {
  await make();
  await fixture.connect(/secret/.test(what) ? { client_secret: "not the secret of this application" } : {});
  await fixture.pressTest();
  await fixture.signIn(ada);
  await expectPage(fixture.page(), heading, `error, ${what}`);
  expect(await fixture.page().getByRole("alert").textContent()).toContain(message);
  expect(new URL(fixture.page().url()).hostname).toBe(host);
});

test("shows no groups when disabled, readable in dark mode", async () => {
  await fixture.connect({ support_groups: false });
  const page = await fixture.open({ colorScheme: "dark", viewport: { width: 320, height: 700 } });
  await fixture.pressTest(page);
  await expectPage(page, "Pick an account", "pick an account by night");
  await fixture.signIn(chidi, page);
  await expectPage(page, "Your connection works!", "your connection works by night");
  expect(await page.getByRole("main").textContent()).toContain("not requested");
  expect(
    await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"),
  ).toBe(0);
});

test("works by keyboard", async () => {
  const page = fixture.page();
  /** Goes on with Tab until what has this name has the focus. */
  const tabTo = async (name: string) => {
    for (let stops = 0; stops < 40; stops++) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate<string>(
        "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()",
      );
      if (at.startsWith(name)) return;
    }
    throw new Error(`no ${name} within 40 stops`);
  };
  await page.goto(fixture.twin().browserUrl);
  await tabTo("Test");
  await page.keyboard.press("Enter");
  await expectPage(page, "Pick an account", "pick an account");
  await tabTo(ada.displayName);
  await page.keyboard.press("Enter");
  await expectPage(page, "Enter password", "enter password");
  await tabTo("Password");
  await page.keyboard.type(ada.password ?? "");
  await page.keyboard.press("Enter");
  await expectPage(page, "Your connection works!", "your connection works");
});
