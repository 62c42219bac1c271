import { findBrowser } from "../../../ops/demo/browser";
import { CookieClient } from "../../../ops/demo/cookie-client";
import { testIntegration } from "../../../ops/demo/integration";
import { UserError } from "../../../ops/errors";
import { Progress } from "../../../ops/terminal/progress";
import { contosoUsers } from "../../../twin/index";
import { browserTimeout } from "../../browser/browser-fixture";
import { registerPermissions, useAccessFixture } from "../../twin/access/access-fixture";

jest.setTimeout(browserTimeout);
const fixture = useAccessFixture();
const { ada, dana } = contosoUsers;

let printed: string;
beforeEach(() => {
  printed = "";
});
const progress = new Progress({
  write: (text: string) => {
    printed += text;
    return true;
  },
});

const integration = (browser: string | undefined, person = ada) =>
  testIntegration({ progress, address: fixture.team(`/test-idp/${fixture.provider().id}`), person, browser });

describe.each([
  ["with Chromium", () => findBrowser()],
  ["over HTTP", () => undefined],
])("%s", (how, browser) => {
  test("signs a user in and returns name, email and groups", async () => {
    expect(await integration(browser())).toEqual({
      name: ada.displayName,
      email: ada.mail,
      groups: ["Engineers", "Employees"],
    });
    expect(printed).toContain(`✓ ${ada.displayName} signs in ${how}`);
    expect(printed.includes("Chromium is not installed")).toBe(how === "over HTTP");
    expect(await integration(browser(), dana)).toMatchObject({ groups: [] });
    await fixture.connect({ support_groups: false });
    expect(await integration(browser())).toMatchObject({ groups: undefined });
  });

  test.each([
    [
      "a wrong client secret",
      () => fixture.connect({ client_secret: "another" }),
      "does not work: AADSTS7000215: ",
    ],
    [
      "no tenant",
      () => fixture.connect({ directory_id: "nowhere.test" }),
      "Sign in: AADSTS90002: Tenant 'nowhere",
    ],
    [
      "no consent",
      async () => {
        fixture.use(await fixture.make({ application: registerPermissions(), consent: null }));
        await fixture.connect();
      },
      "Need admin approval: ",
    ],
  ])("throws the message of the page: %s", async (_what, set, words) => {
    await set();
    const error = await integration(browser()).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toContain(words);
  });
});

test("explains that the browser does not start, and signs in without it", async () => {
  expect(await integration("/bin/false")).toMatchObject({ name: ada.displayName });
  expect(printed).toMatch(/^ {2}\/bin\/false does not start: .+\n/);
});

test("follows no link to another machine without a browser", async () => {
  const client = new CookieClient();
  for (const url of [
    "https://login.microsoftonline.com/",
    "http://example.com:80/",
    "http://localhost.test:1/",
  ])
    await expect(client.open(url)).rejects.toThrow("the page must be on this machine");
});
