import { contosoUsers, fabrikam, fabrikamUsers } from "../../twin/index";
import { type Permission, registerPermissions } from "../twin/access/access-fixture";
import { browserTimeout, expectPage, useBrowserFixture } from "./browser-fixture";

jest.setTimeout(browserTimeout);
const fixture = useBrowserFixture();
const { ada } = contosoUsers;
const unknown = "00000000-1111-4222-8333-444444444444";
const ENTRA = "Sign in";
const ACCESS = "Your connection does not work";

/** Makes another application, and the identity provider for it. */
async function connectTo(application: Parameters<typeof fixture.make>[0], config?: object) {
  fixture.use(await fixture.make({ application: registerPermissions(), ...application }));
  await fixture.connect(config);
}

/** Expects a page that shows the error code and does not claim success. */
async function fails(what: string, at: typeof ENTRA | typeof ACCESS, message: string) {
  await expectPage(fixture.page(), at, `error, ${what}`);
  expect(await fixture.page().getByRole("alert").textContent()).toContain(message);
  expect(new URL(fixture.page().url()).hostname).toBe(
    at === ENTRA ? "login.microsoftonline.com.localhost" : "contoso.cloudflareaccess.com.localhost",
  );
}

interface Case {
  /** The expected error. */
  set: () => Promise<unknown>;
  at: typeof ENTRA | typeof ACCESS;
  message: string;
  /** The user who signs in; absent when the error page comes first. */
  as?: typeof ada;
}

const consented = "openid email profile offline_access User.Read Directory.Read.All Group.Read.All";
const few: Permission[] = ["openid", "email", "profile", "offline_access"];
const elsewhere = ["https://fabrikam.cloudflareaccess.com/cdn-cgi/access/callback"];
const CASES: Record<string, Case> = {
  "another redirect URI": {
    set: () =>
      connectTo({
        application: { ...registerPermissions(), web: { redirectUris: elsewhere } },
        consent: consented,
      }),
    at: ENTRA,
    message: "AADSTS50011: The redirect URI 'https://contoso.cloudflareaccess.com/cdn-cgi/access/callback'",
  },
  "an application that is not in the tenant": {
    set: () => fixture.connect({ directory_id: fabrikam.tenantId }),
    at: ENTRA,
    message: "AADSTS700016: Application with identifier",
  },
  "a tenant that is not there": {
    set: () => fixture.connect({ directory_id: unknown }),
    at: ENTRA,
    message: `AADSTS90002: Tenant '${unknown}' not found`,
  },
  "all tenants instead of one": {
    set: () => fixture.connect({ directory_id: "common" }),
    at: ENTRA,
    message: "AADSTS50194: Application",
  },
  "a person who is not assigned": {
    set: () => connectTo({ principal: { appRoleAssignmentRequired: true }, consent: consented }),
    at: ENTRA,
    message: "AADSTS50105: ",
    as: ada,
  },
  "a wrong secret": {
    set: () => fixture.connect({ client_secret: "not the secret of this application" }),
    at: ACCESS,
    message: "AADSTS7000215: Invalid client secret provided",
    as: ada,
  },
  "an expired secret": {
    set: async () => fixture.twin().clock.advance(3 * 365 * 24 * 3600),
    at: ACCESS,
    message: "AADSTS7000222: The provided client secret keys",
    as: ada,
  },
  "a consent that does not reach to groups": {
    set: () => connectTo({ application: registerPermissions(few), consent: few.join(" ") }),
    at: ACCESS,
    message: "Failed to fetch user/group information from the identity provider",
    as: ada,
  },
};

test.each(Object.entries(CASES))("%s", async (what, { set, at, message, as }) => {
  await set();
  await fixture.pressTest();
  if (as) await fixture.signIn(as);
  await fails(what, at, message);
});

test("shows the error for a user of another tenant", async () => {
  await fixture.pressTest();
  const { userPrincipalName } = fabrikamUsers.sana;
  await fixture.page().getByLabel("Use another account").fill(userPrincipalName);
  await fixture.page().getByRole("button", { name: "Next" }).click();
  await fails(
    "shows the error for a user of another tenant",
    ENTRA,
    `AADSTS50020: User account '${userPrincipalName}'`,
  );
});

test("shows the error for missing consent without a prompt", async () => {
  await fixture.pressTest();
  await fixture.signIn(ada);
  await expectPage(fixture.page(), "Your connection works!", "your connection works");
  await connectTo({ consent: null }, { prompt: "none" });
  await fixture.pressTest();
  await fails("no consent", ACCESS, "AADSTS65001: The user or administrator has not consented");
});
