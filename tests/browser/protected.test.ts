import { contosoGroups, contosoUsers } from "../../twin/index";
import { browserTimeout, expectPage, useBrowserFixture } from "./browser-fixture";

jest.setTimeout(browserTimeout);
const fixture = useBrowserFixture();
const { ada, chidi } = contosoUsers;
const WIKI = "wiki.contoso.test";
const NAME = `Application ${WIKI}`;
const DAY = 24 * 3600;

const follow = (name: string) => fixture.page().getByRole("link", { name, exact: true }).click();
const text = async () => (await fixture.page().getByRole("main").textContent()) ?? "";

/** Opens the wiki from the twin's own page, as somebody who is not signed in anywhere. */
async function enter(user: Parameters<typeof fixture.signIn>[0]) {
  await fixture.page().goto(fixture.twin().browserUrl);
  await follow(NAME);
  await expectPage(fixture.page(), `Sign in to ${NAME}`, "login page of Access");
  await follow("Entra ID");
  await expectPage(fixture.page(), "Pick an account", "pick an account");
  await fixture.signIn(user);
}

test("requires a sign-in, shows the user, and keeps the session until logout", async () => {
  await fixture.protect();
  await fixture.protect({ host: "files.contoso.test" });
  await enter(ada);
  await expectPage(fixture.page(), NAME, "protected application");
  expect(await text()).toContain(`You are ${ada.displayName}, and Cloudflare Access let you in.`);
  expect(new URL(fixture.page().url()).hostname).toBe(`${WIKI}.localhost`);

  await fixture.page().goto(fixture.at("files.contoso.test/"));
  await expectPage(fixture.page(), "Application files.contoso.test", "another application, signed in before");

  await follow("Log out");
  await expectPage(fixture.page(), "You have been logged out", "logged out of Access");
  await fixture.page().goto(fixture.at(`${WIKI}/`));
  await expectPage(fixture.page(), `Sign in to ${NAME}`, "login page of Access");

  await fixture.page().goto(fixture.twin().browserUrl);
  await fixture.page().getByText("Sign-in log").first().click();
  const log = fixture.page().getByRole("table", { name: "Sign-in log" });
  const entries = (await log.getByRole("row").allTextContents()).slice(1);
  expect(entries.filter((entry) => entry.includes("allowed") && entry.includes(ada.mail ?? "")).length).toBe(
    entries.length,
  );
  expect(entries.some((entry) => entry.includes("logout"))).toBe(true);
});

test("shows the reason of a refusal, and admits another user", async () => {
  const engineers = {
    azureAD: { id: contosoGroups.engineers.id, identity_provider_id: fixture.provider().id },
  };
  await fixture.protect({ policy: { include: [engineers] } });
  await enter(chidi);
  await expectPage(fixture.page(), "That account does not have access.", "kept out");
  expect(await fixture.page().getByRole("alert").textContent()).toContain(
    `${chidi.mail} may not see ${NAME}.`,
  );
  expect(await text()).toContain("No policy matches, so access is denied.");

  const another = await fixture.open();
  await another.goto(fixture.at(`${WIKI}/`));
  await another.getByRole("link", { name: "Entra ID" }).click();
  await fixture.signIn(ada, another);
  await expectPage(another, NAME, "protected application");
});

test("ends a session by the twin's clock, and requires a sign-in again", async () => {
  await fixture.protect({ application: { session_duration: "24h" } });
  await enter(ada);
  await expectPage(fixture.page(), NAME, "protected application");
  await fixture.page().reload();
  await expectPage(fixture.page(), NAME, "protected application");
  fixture.twin().clock.advance(DAY + 1);
  await fixture.page().reload();
  await expectPage(fixture.page(), `Sign in to ${NAME}`, "login page of Access");
});

test("does not admit a session to another application's users only", async () => {
  await fixture.protect();
  const nobody = { include: [{ email: { email: "nobody@contoso.test" } }] };
  await fixture.protect({ host: "payroll.contoso.test", policy: nobody });
  await enter(ada);
  await expectPage(fixture.page(), NAME, "protected application");
  await fixture.page().goto(fixture.at("payroll.contoso.test/"));
  await expectPage(fixture.page(), "That account does not have access.", "kept out");
});
