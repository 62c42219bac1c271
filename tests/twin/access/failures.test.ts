import { contoso, contosoUsers, fabrikam, fabrikamUsers } from "../../../twin/index";
import { Browser, type ShownPage } from "../entra/browser";
import { type Permission, registerPermissions, useAccessFixture } from "./access-fixture";

const fixture = useAccessFixture();
const { ada, ben } = contosoUsers;
const unknown = "00000000-1111-4222-8333-444444444444";
const HOST = {
  access: "contoso.cloudflareaccess.com.localhost",
  entra: "login.microsoftonline.com.localhost",
};

async function expectFailure(shown: ShownPage, where: keyof typeof HOST, message: string) {
  expect(new URL(shown.url).hostname).toBe(HOST[where]);
  expect(shown.status).toBeGreaterThanOrEqual(400);
  expect(shown.html.replaceAll("&#39;", "'").replaceAll("&quot;", '"')).toContain(message);
  expect(shown.html).not.toContain("Your connection works");
}

/** Expects no entry in the access log, since the failure does not reach Access. */
const atEntra = async (shown: ShownPage, message: string) => {
  await expectFailure(shown, "entra", message);
  expect(await fixture.log()).toEqual([]);
};

const atAccess = async (shown: ShownPage, message: string) => {
  await expectFailure(shown, "access", message);
  expect(await fixture.log()).toMatchObject([{ action: "login", allowed: false, user_email: "" }]);
};

/** Makes another application, and the identity provider for it. */
async function connectTo(o: Parameters<typeof fixture.make>[0], config?: object) {
  fixture.use(
    await fixture.make({ application: registerPermissions(), consent: undefined, ...o } as typeof o),
  );
  await fixture.connect(config);
}

describe("errors that Entra shows on its own page", () => {
  test("shows 50011 for a redirect URI of another team", async () => {
    const redirectUris = ["https://fabrikam.cloudflareaccess.com/cdn-cgi/access/callback"];
    await connectTo({ application: { ...registerPermissions(), web: { redirectUris } } });
    await atEntra(
      await fixture.openTest(),
      "AADSTS50011: The redirect URI 'https://contoso.cloudflareaccess.com/",
    );
  });

  test.each([
    ["an application id that is nobody's: 700016", { client_id: unknown }, "AADSTS700016: "],
    ["the tenant of somebody else: 700016", { directory_id: fabrikam.tenantId }, "AADSTS700016: "],
    ["a tenant that is not there: 90002", { directory_id: unknown }, `AADSTS90002: Tenant '${unknown}'`],
    ["common instead of the tenant: 50194", { directory_id: "common" }, "AADSTS50194: "],
  ])("%s", async (_what, config, message) => {
    await fixture.connect(config);
    await atEntra(await fixture.openTest(), message);
  });

  test("shows 50020 for a user of another tenant, and 50034 for an unknown user", async () => {
    await fixture.openTest();
    await atEntra(await fixture.browser().submit({ user: "nobody@nowhere.test" }), "AADSTS50034: ");
    const foreign = fabrikamUsers.sana.userPrincipalName;
    await atEntra(
      await fixture.browser().submit({ user: foreign }),
      `AADSTS50020: User account '${foreign}'`,
    );
  });

  test("shows 50105 for a user who is not assigned", async () => {
    await connectTo({ principal: { appRoleAssignmentRequired: true } });
    await atEntra(await fixture.test(ada), "AADSTS50105: ");
  });

  test("shows 90094 without an administrator's consent, and returns 65004 on cancel", async () => {
    await connectTo({ consent: null });
    await atEntra(await fixture.test(ada), "AADSTS90094: ");
    await atAccess(await fixture.browser().submit({ cancel: "1" }), "AADSTS65004: User declined to consent");
  });
});

describe("errors that Entra reports to Access", () => {
  test("shows 7000215 for a wrong secret", async () => {
    await fixture.connect({ client_secret: "not the secret of this application" });
    await atAccess(await fixture.test(), "AADSTS7000215: Invalid client secret provided.");
  });

  test("shows 7000222 for an expired secret", async () => {
    fixture.twin().clock.advance(3 * 365 * 24 * 3600);
    await atAccess(await fixture.test(), "AADSTS7000222: The provided client secret keys");
  });

  test("shows 50058 without a session if no prompt is allowed", async () => {
    await fixture.connect({ prompt: "none" });
    await atAccess(await fixture.openTest(), "AADSTS50058: ");
  });

  test("shows 65001 without consent if no prompt is allowed", async () => {
    await fixture.openTest();
    await fixture.browser().signIn(ada);
    await connectTo({ consent: null }, { prompt: "none" });
    const shown = await fixture.openTest();
    await expectFailure(shown, "access", "AADSTS65001: The user or administrator has not consented");
    expect(await fixture.log()).toMatchObject([{ allowed: false, user_email: "" }, { allowed: true }]);
  });

  test("shows 54005 for a redeemed code", async () => {
    let used = "";
    fixture.browser().intercept = (url) => {
      if (url.searchParams.has("code")) used = url.href;
      return url;
    };
    expect((await fixture.test()).status).toBe(200);
    await expectFailure(await fixture.browser().go(used), "access", "AADSTS54005: ");
    expect(await fixture.log()).toMatchObject([{ allowed: false }, { allowed: true, user_email: ada.mail }]);
  });
});

describe("errors that Access detects itself", () => {
  const FETCH_FAILED = "Failed to fetch user/group information from the identity provider";

  test("fails if the consent does not cover groups", async () => {
    const few: Permission[] = ["openid", "email", "profile", "offline_access"];
    await connectTo({ application: registerPermissions(few), consent: few.join(" ") });
    await atAccess(await fixture.test(), FETCH_FAILED);
    expect(fixture.twin().requests).toContainEqual(
      expect.objectContaining({ path: "/v1.0/me/transitiveMemberOf", status: 403 }),
    );
    await fixture.connect({ support_groups: false });
    expect((await fixture.openTest()).status).toBe(200);
  });

  test("fails if Graph or the token endpoint is unavailable", async () => {
    fixture.twin().faults.add({ on: { service: "graph" }, effect: { kind: "error", status: 503 } });
    await atAccess(await fixture.test(), FETCH_FAILED);
    fixture.twin().faults.clear();
    fixture.twin().faults.add({
      on: { service: "login", path: "/*/oauth2/v2.0/token" },
      effect: { kind: "error", status: 503 },
    });
    await expectFailure(await fixture.openTest(), "access", "AADSTS90033: A transient error has occurred.");
  });

  test("fails for a different nonce", async () => {
    fixture.browser().intercept = (url) => {
      if (url.searchParams.has("nonce")) url.searchParams.set("nonce", "another");
      return url;
    };
    await atAccess(await fixture.test(), 'unexpected ID Token "nonce" claim value');
  });

  test.each([
    ["a state that was changed", (state: string) => state.replace(/^./, (c) => (c === "0" ? "1" : "0"))],
    ["no state of its own", () => "some state"],
  ])("%s", async (_what, change) => {
    fixture.browser().intercept = (url) => {
      const state = url.searchParams.get("state");
      if (url.searchParams.has("code")) url.searchParams.set("state", change(state ?? ""));
      return url;
    };
    await expectFailure(await fixture.test(), "access", "Invalid login session.");
  });

  test("fails for an expired sign-in, or one of another browser", async () => {
    await fixture.openTest();
    fixture.twin().clock.advance(4 * 3600);
    const late = await fixture.browser().signIn(ben);
    await expectFailure(late, "access", "Invalid login session.");

    const other = new Browser(fixture.twin());
    let answer = "";
    fixture.browser().intercept = (url) => {
      if (url.searchParams.has("code")) answer = url.href;
      return url;
    };
    await fixture.openTest();
    const shown = await other.go(answer);
    await other.close();
    await expectFailure(shown, "access", "Invalid session. Please try logging in again");
  });

  test("fails for a sign-in of another team", async () => {
    fixture.browser().intercept = (url) => {
      if (url.searchParams.has("code")) url.hostname = url.hostname.replace("contoso", "fabrikam");
      return url;
    };
    await fixture.openTest();
    const [session] = fixture.browser().cookies.filter(({ name }) => name === "CF_Session");
    fixture
      .browser()
      .cookies.push({ ...session, host: session?.host.replace("contoso", "fabrikam") } as never);
    const shown = await fixture.browser().signIn(ada);
    expect(shown).toMatchObject({ status: 400, html: expect.stringContaining("Invalid login session.") });
  });

  test("fails for an unknown identity provider, or one deleted meanwhile", async () => {
    const gone = await fixture.browser().go(fixture.team(`/test-idp/${unknown}`));
    await expectFailure(gone, "access", "Unable to find your identity provider!");
    await fixture.openTest();
    await fixture.cloudflare("DELETE", `/identity_providers/${fixture.provider().id}`);
    const shown = await fixture.browser().signIn(ada);
    await expectFailure(shown, "access", "Unable to find your identity provider!");
  });
});

test("fetches Entra's keys once, and again for a new key", async () => {
  expect((await fixture.test()).status).toBe(200);
  expect((await fixture.openTest()).html).toContain("Your connection works");
  await fixture.twin().rotateSigningKey();
  expect((await fixture.openTest()).html).toContain("Your connection works");
  await fixture.twin().rotateSigningKey();
  expect((await fixture.openTest()).html).toContain("Your connection works");
  const looked = fixture
    .twin()
    .requests.filter(({ path }) => path === `/${contoso.tenantId}/discovery/v2.0/keys`);
  expect(looked).toHaveLength(3);
});
