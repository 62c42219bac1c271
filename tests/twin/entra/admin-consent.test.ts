import { contoso, contosoUsers, devSeed, type UserSeed } from "../../../twin/index";
import { parseReply, REDIRECT_URI, useEntraFixture } from "./entra-fixture";

const fixture = useEntraFixture();
const { address, browser, make } = fixture;
const { ada, emil, farida } = contosoUsers;
const GRAPH = "00000003-0000-0000-c000-000000000000";
const USER_READ = { id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d", type: "Scope" };
const GROUPS = { id: "bc024368-1153-4739-b217-4326f2e966d0", type: "Scope" };
const READ_APPLICATIONS = { id: "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", type: "Role" };

const registering = (...resourceAccess: { id: string; type: string }[]) => ({
  requiredResourceAccess: [{ resourceAppId: GRAPH, resourceAccess }],
});

beforeEach(async () => {
  fixture.use(await make({ application: registering(USER_READ, GROUPS), consent: null }));
});

function consentAddress(version: "" | "v2.0/", parameters: Record<string, string | undefined> = {}): string {
  const all = {
    client_id: fixture.app().appId,
    redirect_uri: REDIRECT_URI,
    state: "some state",
    ...(version === "" ? {} : { scope: "https://graph.microsoft.com/.default" }),
    ...parameters,
  };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `/${contoso.tenantId}/${version}adminconsent?${new URLSearchParams(given)}`;
}

async function grants() {
  const path = `/v1.0/oauth2PermissionGrants?$filter=clientId eq '${fixture.app().principalId}'`;
  return (await fixture.graph("GET", path)).body.value;
}

describe("an administrator who follows the link", () => {
  test("sees Microsoft's texts, accepts, and all users sign in without a prompt", async () => {
    await browser().go(consentAddress("v2.0/"));
    const asked = await browser().signIn(farida);
    expect(asked).toMatchObject({
      status: 200,
      html: expect.stringContaining("Accept for your organization"),
    });
    expect(asked.html).toContain("<summary>Read group memberships</summary>");
    expect(asked.html).toContain("Allows the app to list groups, read basic group properties");
    expect(await grants()).toEqual([]);
    const back = await browser().submit({ consent: "accept" });
    expect(back.url.startsWith(REDIRECT_URI)).toBe(true);
    expect(parseReply(back)).toEqual({
      admin_consent: "True",
      tenant: contoso.tenantId,
      scope: "https://graph.microsoft.com/.default",
      state: "some state",
    });
    expect(await grants()).toEqual([
      expect.objectContaining({
        consentType: "AllPrincipals",
        principalId: null,
        scope: "GroupMember.Read.All User.Read",
      }),
    ]);
    const auditor = await fixture.client().graphAs(contoso.tenantId, contoso.auditor);
    const audits = await auditor("GET", "/v1.0/auditLogs/directoryAudits?$top=1");
    expect(audits.body.value).toMatchObject([
      {
        activityDisplayName: "Consent to application",
        initiatedBy: { user: { id: farida.id } },
        targetResources: [
          { modifiedProperties: [{ displayName: "ConsentContext.IsAdminConsent", newValue: "true" }, {}] },
        ],
      },
    ]);
    await browser().go(address({ scope: "User.Read GroupMember.Read.All", prompt: "select_account" }));
    expect((await browser().signIn(ada)).url).toContain("code=");
  });

  test("consents to the scopes of the link, in addition to earlier ones", async () => {
    for (const scope of ["User.Read", "openid https://graph.microsoft.com/Group.Read.All"]) {
      await browser().go(consentAddress("v2.0/", { scope }));
      await browser().signIn(farida);
      expect(parseReply(await browser().submit({ consent: "accept" }))).toMatchObject({ scope });
    }
    expect(await grants()).toEqual([expect.objectContaining({ scope: "User.Read openid Group.Read.All" })]);
  });

  test("consents to all registered permissions with the version 1.0 link", async () => {
    fixture.use(await make({ application: registering(USER_READ, READ_APPLICATIONS), consent: null }));
    await browser().go(consentAddress(""));
    expect((await browser().signIn(farida)).html).toContain("<summary>Read all applications</summary>");
    const back = await browser().submit({ consent: "accept" });
    expect(parseReply(back)).toEqual({
      admin_consent: "True",
      tenant: contoso.tenantId,
      state: "some state",
    });
    const { appId, secret } = fixture.app();
    const { body } = await fixture
      .client()
      .token(contoso.tenantId, { client_id: appId, client_secret: secret });
    const read = await fixture.client().send("GET", "/v1.0/applications", {
      headers: { authorization: `Bearer ${body.access_token}` },
    });
    expect(read.status).toBe(200);
  });

  test.each([
    ["", { error: "permission_denied", error_description: "The admin canceled the request" }],
    [
      "v2.0/",
      {
        admin_consent: "True",
        error: "consent_required",
        error_description: expect.stringMatching(/^AADSTS65004: /),
      },
    ],
  ] as const)("may cancel at /%sadminconsent", async (version, told) => {
    await browser().go(consentAddress(version));
    await browser().signIn(farida);
    expect(parseReply(await browser().submit({ cancel: "1" }))).toEqual({ ...told, state: "some state" });
    expect(await grants()).toEqual([]);
  });

  test("need not be assigned to the application", async () => {
    await fixture.graph("PATCH", `/v1.0/servicePrincipals/${fixture.app().principalId}`, {
      appRoleAssignmentRequired: true,
    });
    await browser().go(consentAddress("v2.0/"));
    expect((await browser().signIn(farida)).html).toContain("Accept for your organization");
  });
});

describe("a user who may not consent for all users", () => {
  test("sees an error, and cannot submit the form", async () => {
    await browser().go(consentAddress("v2.0/"));
    const shown = await browser().signIn(ada);
    expect(shown).toMatchObject({ status: 403, html: expect.stringContaining("AADSTS90094: ") });
    expect(shown.html).toContain("Need admin approval");
    expect(await browser().submit({ consent: "accept" })).toMatchObject({ status: 403 });
    expect(await grants()).toEqual([]);
    expect(parseReply(await browser().submit({ cancel: "1" }))).toMatchObject({ error: "consent_required" });
  });

  test("is a disabled administrator", async () => {
    fixture.twin().reset(withUser({ ...emil, roles: ["Global Administrator"] }));
    fixture.use(
      await make({ application: registering(USER_READ), consent: null, as: contoso.administrator }),
    );
    await browser().go(consentAddress("v2.0/"));
    expect((await browser().signIn(emil)).html).toContain("AADSTS50057: ");
  });

  test.each([
    ["Application Administrator", 403],
    ["Cloud Application Administrator", 403],
    ["Privileged Role Administrator", 200],
  ] as const)("to application permissions of Graph: %s gets a %i", async (role, status) => {
    fixture.twin().reset(withUser({ ...ada, roles: [role] }));
    const as = contoso.administrator;
    fixture.use(await make({ application: registering(USER_READ, READ_APPLICATIONS), consent: null, as }));
    await browser().go(consentAddress("v2.0/"));
    expect((await browser().signIn(ada)).status).toBe(status);
    await browser().go(consentAddress("v2.0/", { scope: "Group.Read.All" }));
    expect((await browser().signIn(ada)).status).toBe(200);
  });

  test("may be another browser that knows the page's address", async () => {
    await browser().go(consentAddress("v2.0/"));
    const { url } = await browser().signIn(farida);
    browser().cookies = browser().cookies.filter(({ name }) => !name.startsWith("interaction"));
    expect((await browser().go(url, { consent: "accept" })).html).toContain("AADSTS70008: ");
    expect(await grants()).toEqual([]);
  });
});

describe("an invalid link", () => {
  test.each([
    ["an unknown application", { client_id: contoso.tenantId }, 400, "AADSTS700016: "],
    ["another redirect URI", { redirect_uri: `${REDIRECT_URI}/` }, 400, "AADSTS50011: "],
    ["no redirect URI", { redirect_uri: undefined }, 400, "AADSTS900144: "],
    ["no scope", { scope: undefined }, 400, "AADSTS900144: "],
    ["another parameter", { prompt: "login" }, 501, "parameter prompt"],
  ])("%s", async (_what, parameters, status, text) => {
    const shown = await browser().go(consentAddress("v2.0/", parameters));
    expect(shown).toMatchObject({ status, html: expect.stringContaining(text) });
  });

  test("reports an unknown permission to the application", async () => {
    const back = await browser().go(consentAddress("v2.0/", { scope: "Everything.Read" }));
    expect(parseReply(back)).toMatchObject({
      admin_consent: "True",
      error_description: expect.stringMatching(/^AADSTS650053: /),
    });
  });

  test("is answered 501 for what the twin does not serve", async () => {
    const scope = await browser().go(consentAddress("", { scope: "User.Read" }));
    expect(scope).toMatchObject({ status: 501, html: expect.stringContaining("parameter scope") });
    const anybody = consentAddress("v2.0/").replace(contoso.tenantId, "organizations");
    expect((await browser().go(anybody)).status).toBe(501);
    fixture.use(await make({ consent: null }));
    expect((await browser().go(consentAddress("v2.0/"))).html).toContain("registers no permissions");
    const { body } = await fixture.graph("POST", "/v1.0/applications", {
      displayName: "no service principal",
      web: { redirectUris: [REDIRECT_URI] },
    });
    const bare = await browser().go(consentAddress("v2.0/", { client_id: body.appId }));
    expect(bare.html).toContain("without a service principal");
  });
});

describe("at an ordinary sign-in", () => {
  const scope = "User.Read GroupMember.Read.All";

  test("lets an administrator consent for all users, or for themself", async () => {
    await browser().go(address({ scope }));
    const asked = await browser().signIn(farida);
    expect(asked.html).toContain("Consent on behalf of your organization");
    expect((await browser().submit({ consent: "accept" })).url).toContain("code=");
    expect(await grants()).toMatchObject([{ consentType: "Principal", principalId: farida.id }]);
    await browser().go(address({ scope, prompt: "consent" }));
    expect((await browser().submit({ consent: "accept", organization: "1" })).url).toContain("code=");
    expect(await grants()).toMatchObject([
      { consentType: "Principal" },
      { consentType: "AllPrincipals", scope },
    ]);
  });

  test("does not offer or accept that for others", async () => {
    await browser().go(address({ scope: "User.Read" }));
    expect((await browser().signIn(ada)).html).not.toContain("on behalf of your organization");
    await browser().submit({ consent: "accept", organization: "1" });
    expect(await grants()).toMatchObject([{ consentType: "Principal", principalId: ada.id }]);
  });
});

function withUser(user: UserSeed) {
  const [tenant, ...others] = devSeed.tenants;
  if (!tenant) throw new Error("the seed has a tenant");
  const users = (tenant.users ?? []).map((other) => (other.id === user.id ? user : other));
  return { ...devSeed, tenants: [{ ...tenant, users }, ...others] };
}
