import { contosoGroups, contosoUsers } from "../../twin/index";
import { browserTimeout, expectPage, useBrowserFixture } from "./browser-fixture";

jest.setTimeout(browserTimeout);
const it = useBrowserFixture();
const { ada, chidi } = contosoUsers;
const WIKI = "wiki.contoso.test";
const NAME = `Application ${WIKI}`;
const DAY = 24 * 3600;

const follow = (name: string) => it.page().getByRole("link", { name, exact: true }).click();
const text = async () => (await it.page().getByRole("main").textContent()) ?? "";

/** Opens the wiki from the twin's own page, as somebody who is not signed in anywhere. */
async function enter(user: Parameters<typeof it.signIn>[0]) {
  await it.page().goto(it.twin().browserUrl);
  await follow(NAME);
  await expectPage(it.page(), `Sign in to ${NAME}`, "login page of Access");
  await follow("Entra ID");
  await expectPage(it.page(), "Pick an account", "pick an account");
  await it.signIn(user);
}

test("requires a sign-in, shows the user, and keeps the session until logout", async () => {
  await it.protect();
  await it.protect({ host: "files.contoso.test" });
  await enter(ada);
  await expectPage(it.page(), NAME, "protected application");
  expect(await text()).toContain(`You are ${ada.displayName}, and Cloudflare Access let you in.`);
  expect(new URL(it.page().url()).hostname).toBe(`${WIKI}.localhost`);

  await it.page().goto(it.at("files.contoso.test/"));
  await expectPage(it.page(), "Application files.contoso.test", "another application, signed in before");

  await follow("Log out");
  await expectPage(it.page(), "You have been logged out", "logged out of Access");
  await it.page().goto(it.at(`${WIKI}/`));
  await expectPage(it.page(), `Sign in to ${NAME}`, "login page of Access");

  await it.page().goto(it.twin().browserUrl);
  await it.page().getByText("Sign-in log").first().click();
  const log = it.page().getByRole("table", { name: "Sign-in log" });
  const entries = (await log.getByRole("row").allTextContents()).slice(1);
  expect(entries.filter((entry) => entry.includes("allowed") && entry.includes(ada.mail ?? "")).length).toBe(
    entries.length,
  );
  expect(entries.some((entry) => entry.includes("logout"))).toBe(true);
});

test("shows the reason of a refusal, and admits another user", async () => {
  const engineers = { azureAD: { id: contosoGroups.engineers.id, identity_provider_id: it.provider().id } };
  await it.protect({ policy: { include: [engineers] } });
  await enter(chidi);
  await expectPage(it.page(), "That account does not have access.", "kept out");
  expect(await it.page().getByRole("alert").textContent()).toContain(`${chidi.mail} may not see ${NAME}.`);
  expect(await text()).toContain("No policy matches, so access is denied.");

  const another = await it.open();
  await another.goto(it.at(`${WIKI}/`));
  await another.getByRole("link", { name: "Entra ID" }).click();
  await it.signIn(ada, another);
  await expectPage(another, NAME, "protected application");
});

test("ends a session by the twin's clock, and requires a sign-in again", async () => {
  await it.protect({ application: { session_duration: "24h" } });
  await enter(ada);
  await expectPage(it.page(), NAME, "protected application");
  await it.page().reload();
  await expectPage(it.page(), NAME, "protected application");
  it.twin().clock.advance(DAY + 1);
  await it.page().reload();
  await expectPage(it.page(), `Sign in to ${NAME}`, "login page of Access");
});

test("does not admit a session to another application's users only", async () => {
  await it.protect();
  const nobody = { include: [{ email: { email: "nobody@contoso.test" } }] };
  await it.protect({ host: "payroll.contoso.test", policy: nobody });
  await enter(ada);
  await expectPage(it.page(), NAME, "protected application");
  await it.page().goto(it.at("payroll.contoso.test/"));
  await expectPage(it.page(), "That account does not have access.", "kept out");
});
