import { contoso, contosoUsers } from "../../twin/index";
import { registerPermissions } from "../twin/access/access-fixture";
import { browserTimeout, expectPage, useBrowserFixture } from "./browser-fixture";

jest.setTimeout(browserTimeout);
const it = useBrowserFixture();
const { ada, ben, chidi, farida } = contosoUsers;

const press = (name: string) => it.page().getByRole("button", { name, exact: true }).click();
const text = () => it.page().getByRole("main").textContent();

/** Makes the application anew, to which nobody has consented. */
async function withoutConsent(config?: object) {
  it.use(await it.make({ application: registerPermissions(), consent: null }));
  await it.connect(config);
}

test("leads from the Test button through sign-in and consent to a working connection", async () => {
  await withoutConsent();
  await it.pressTest();
  await expectPage(it.page(), "Pick an account", "pick an account");
  await it.page().getByRole("button", { name: farida.displayName }).click();
  await expectPage(it.page(), "Enter password", "enter password");
  await it
    .page()
    .getByLabel("Password")
    .fill(farida.password ?? "");
  await press("Sign in");
  await expectPage(it.page(), "Permissions requested", "permissions requested");
  await it.page().getByLabel("Consent on behalf of your organization").check();
  await press("Accept");
  await expectPage(it.page(), "Your connection works!", "your connection works, in no group");

  const another = await it.open();
  await it.pressTest(another);
  await it.signIn(ben, another);
  await expectPage(another, "Your connection works!", "your connection works");
  const shown = await another.getByRole("main").textContent();
  for (const fact of [ben.displayName, ben.mail, "Engineers", "Employees"]) expect(shown).toContain(fact);
  await it.page().goto(it.twin().browserUrl);
  await it.page().getByText("Sign-in log").first().click();
  const log = it.page().getByRole("table", { name: "Sign-in log" });
  expect(await log.getByRole("row").allInnerTexts()).toEqual([
    expect.stringContaining("User"),
    expect.stringMatching(`${ben.mail}.*allowed`),
    expect.stringMatching(`${farida.mail}.*allowed`),
  ]);
});

test("shows declined consent at Access", async () => {
  await withoutConsent();
  await it.pressTest();
  await it.signIn(farida);
  await expectPage(it.page(), "Permissions requested", "permissions requested");
  await press("Cancel");
  await expectPage(it.page(), "Your connection does not work", "consent declined");
  expect(await text()).toContain("AADSTS65004: User declined to consent");
});

test("tells a user who may not consent to ask an administrator", async () => {
  await withoutConsent();
  await it.pressTest();
  await it.signIn(ada);
  await expectPage(it.page(), "Need admin approval", "need admin approval");
  expect(await text()).toContain("AADSTS90094");
});

test("allows another attempt after a wrong password or an unknown account", async () => {
  await it.pressTest();
  await it.page().getByLabel("Use another account").fill("nobody@contoso.onmicrosoft.com");
  await press("Next");
  await expectPage(it.page(), "Pick an account", "unknown account");
  expect(await it.page().getByRole("alert").textContent()).toContain("AADSTS50034");
  await it.signIn({ ...ada, password: "wrong" });
  await expectPage(it.page(), "Enter password", "wrong password");
  expect(await it.page().getByRole("alert").textContent()).toContain("AADSTS50126");
  await it
    .page()
    .getByLabel("Password")
    .fill(ada.password ?? "");
  await press("Sign in");
  await expectPage(it.page(), "Your connection works!", "your connection works");
});

test("requires a sign-in again only after signing out of Entra", async () => {
  await it.pressTest();
  await it.signIn(ada);
  await expectPage(it.page(), "Your connection works!", "your connection works");
  await it.pressTest();
  await expectPage(it.page(), "Your connection works!", "your connection works");
  const entra = new URL(it.twin().browserUrlOf("https://login.microsoftonline.com/"));
  await it.page().goto(`${entra.origin}/${contoso.tenantId}/oauth2/v2.0/logout`);
  await expectPage(it.page(), "You signed out of your account", "signed out");
  await it.pressTest();
  await expectPage(it.page(), "Pick an account", "pick an account");
});

test("shows no groups when disabled, readable in dark mode", async () => {
  await it.connect({ support_groups: false });
  const page = await it.open({ colorScheme: "dark", viewport: { width: 320, height: 700 } });
  await it.pressTest(page);
  await expectPage(page, "Pick an account", "pick an account by night");
  await it.signIn(chidi, page);
  await expectPage(page, "Your connection works!", "your connection works by night");
  expect(await page.getByRole("main").textContent()).toContain("not requested");
  expect(
    await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"),
  ).toBe(0);
});

test("works by keyboard", async () => {
  const page = it.page();
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
  await page.goto(it.twin().browserUrl);
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
