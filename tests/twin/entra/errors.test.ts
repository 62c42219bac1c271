import { contoso, contosoGroups, contosoUsers, fabrikam, fabrikamUsers } from "../../../twin/index";
import { parseReply, REDIRECT_URI, SCOPES, useEntraFixture } from "./entra-fixture";

let now = new Date("2026-11-01T12:00:00Z");
beforeEach(() => {
  now = new Date("2026-11-01T12:00:00Z");
});
const fixture = useEntraFixture({ now: () => now });
const { address, browser, codeOf, make, redeem } = fixture;
const { ada, ben, emil } = contosoUsers;
const unknown = "00000000-1111-4222-8333-444444444444";

describe("errors on a page", () => {
  const elsewhere = "https://elsewhere.test/callback";
  test.each([
    ["a redirect URI that is not registered", { redirect_uri: elsewhere }, contoso.tenantId, 50011],
    [
      "another case of the redirect URI",
      { redirect_uri: REDIRECT_URI.toUpperCase() },
      contoso.tenantId,
      50011,
    ],
    ["an application that is not in the tenant", { client_id: unknown }, contoso.tenantId, 700016],
    ["an application of another tenant", {}, fabrikam.tenantId, 700016],
    ["a tenant that is not there", {}, unknown, 90002],
    ["/common with an application of one tenant", {}, "common", 50194],
    ["/organizations with an application of one tenant", {}, "organizations", 50194],
    ["no client id", { client_id: undefined }, contoso.tenantId, 900144],
  ])("%s", async (_what, parameters, tenant, code) => {
    const shown = await browser().go(address(parameters, tenant));
    expect(shown.status).toBe(400);
    expect(shown.url.startsWith(fixture.twin().microsoftUrl)).toBe(true);
    expect(shown.html).toContain("Sorry, but we’re having trouble signing you in.");
    expect(shown.html).toContain(`AADSTS${code}: `);
    expect(shown.html).toContain("2026-11-01 12:00:00Z");
  });

  test("is shown for a disabled user", async () => {
    await browser().go(address());
    const shown = await browser().signIn(emil);
    expect(shown).toMatchObject({ status: 400, html: expect.stringContaining("AADSTS50057: ") });
  });

  test("is shown for a user of another tenant, but not for a guest", async () => {
    await browser().go(address());
    const stranger = await browser().submit({ user: fabrikamUsers.sana.userPrincipalName });
    expect(stranger).toMatchObject({ status: 400, html: expect.stringContaining("AADSTS50020: ") });
    const guest = await browser().submit({ user: fabrikamUsers.robin.userPrincipalName });
    expect(guest.url).toContain("code=");
  });

  test("allow another attempt after an unknown user or a wrong password", async () => {
    await browser().go(address());
    const nobody = await browser().submit({ user: "nobody@contoso.onmicrosoft.com" });
    expect(nobody).toMatchObject({ status: 400, html: expect.stringContaining("AADSTS50034: ") });
    const wrong = await browser().submit({ user: ada.id, password: "wrong" });
    expect(wrong).toMatchObject({ status: 400, html: expect.stringContaining("AADSTS50126: ") });
    expect((await browser().signIn(ada)).url).toContain("code=");
  });

  test("are shown for a user who is not assigned, until they or their group is", async () => {
    fixture.use(await make({ principal: { appRoleAssignmentRequired: true } }));
    const assign = async (principalId: string) => {
      const path = `/v1.0/servicePrincipals/${fixture.app().principalId}/appRoleAssignedTo`;
      const appRoleId = "00000000-0000-0000-0000-000000000000";
      const assignment = { principalId, resourceId: fixture.app().principalId, appRoleId };
      expect((await fixture.graph("POST", path, assignment)).status).toBe(201);
    };
    await browser().go(address());
    const shown = await browser().signIn(ada);
    expect(shown.html).toContain("AADSTS50105: ");
    expect(shown.html).toContain(ada.userPrincipalName);
    await assign(contosoGroups.employees.id); // Ada is in it by way of another group, which does not count.
    expect((await browser().go(address())).html).toContain("AADSTS50105: ");
    const silent = await browser().go(address({ prompt: "none" }));
    expect(parseReply(silent).error_description).toContain("AADSTS50105: ");
    await assign(contosoGroups.engineers.id);
    expect((await browser().go(address())).url).toContain("code=");
  });

  test("are no answer for an assignment by a role that the application lost, which is a 501", async () => {
    const appRoleId = "6b1a7e52-3f0c-4d6a-9a53-0e2f8c1d7b94";
    const role = {
      id: appRoleId,
      allowedMemberTypes: ["User"],
      description: "a",
      displayName: "a",
      value: "a",
    };
    const principal = { appRoleAssignmentRequired: true };
    fixture.use(await make({ application: { appRoles: [{ ...role, isEnabled: true }] }, principal }));
    const application = `/v1.0/applications/${fixture.app().id}`;
    const path = `/v1.0/servicePrincipals/${fixture.app().principalId}/appRoleAssignedTo`;
    const assignment = { principalId: ada.id, resourceId: fixture.app().principalId, appRoleId };
    expect((await fixture.graph("POST", path, assignment)).status).toBe(201);
    await browser().go(address());
    expect((await browser().signIn(ada)).url).toContain("code=");
    const disabled = { appRoles: [{ ...role, isEnabled: false }] };
    expect((await fixture.graph("PATCH", application, disabled)).status).toBe(204);
    expect((await browser().go(address())).status).toBe(501);
  });

  test("are shown for a disabled application", async () => {
    await fixture.graph("PATCH", `/v1.0/servicePrincipals/${fixture.app().principalId}`, {
      accountEnabled: false,
    });
    expect((await browser().go(address())).html).toContain("AADSTS7000112: ");
  });

  test("escape names", async () => {
    fixture.use(await make({ application: { displayName: "<b>Mine</b>" } }));
    const { html } = await browser().go(address());
    expect(html).toContain("&lt;b&gt;Mine&lt;/b&gt;");
    expect(html).not.toContain("<b>Mine");
  });
});

describe("errors reported to the application", () => {
  test.each([
    ["an unknown permission", { scope: "openid Everything.Read" }, "invalid_client", 650053],
    ["an unknown resource", { scope: "openid api://nowhere/read" }, "invalid_resource", 500011],
    [".default beside another permission", { scope: "User.Read .default" }, "invalid_scope", 70011],
    ["no scope", { scope: undefined }, "invalid_request", 900144],
    ["a response type that is off", { response_type: "id_token" }, "unsupported_response_type", 700054],
    ["a silent request without a session", { prompt: "none" }, "login_required", 50058],
  ])("%s", async (_what, parameters, error, code) => {
    const back = await browser().go(address(parameters));
    expect(back.url.startsWith(REDIRECT_URI)).toBe(true);
    expect(parseReply(back)).toEqual({
      error,
      error_description: expect.stringMatching(
        new RegExp(`^AADSTS${code}: .+ Timestamp: 2026-11-01 12:00:00Z$`),
      ),
      error_uri: expect.stringContaining(String(code)),
      state: "some state",
    });
  });

  test("include a cancelled sign-in", async () => {
    await browser().go(address());
    const back = await browser().submit({ cancel: "1" });
    expect(parseReply(back)).toMatchObject({
      error: "access_denied",
      error_description: expect.stringMatching(/^AADSTS65004: /),
    });
  });
});

describe("consent", () => {
  test("is given by a user once and for themself, if no administrator is required", async () => {
    const scope = "openid profile User.Read";
    fixture.use(await make({ consent: null }));
    await browser().go(address({ scope }));
    const asked = await browser().signIn(ada);
    expect(asked).toMatchObject({ status: 200, html: expect.stringContaining("Permissions requested") });
    expect(asked.html).toContain("Sign you in and read your profile</summary>");
    const back = await browser().submit({ consent: "accept" });
    const { body } = await redeem({ code: codeOf(back) });
    expect(body.scope).toBe(scope);
    expect((await browser().go(address({ scope }))).url).toContain("code=");
    const grants = await fixture.graph(
      "GET",
      `/v1.0/oauth2PermissionGrants?$filter=clientId eq '${fixture.app().principalId}'`,
    );
    expect(grants.body.value).toEqual([
      expect.objectContaining({ consentType: "Principal", principalId: ada.id, scope }),
    ]);
    await browser().go(address({ scope, prompt: "select_account" }));
    expect((await browser().signIn(ben)).html).toContain("Permissions requested");
    const silent = await browser().go(address({ scope: "openid Mail.Read", prompt: "none" }));
    expect(parseReply(silent)).toMatchObject({
      error: "consent_required",
      error_description: expect.stringMatching(/^AADSTS65001: /),
    });
  });

  test("is not requested from a user if an administrator is required", async () => {
    fixture.use(await make({ consent: null }));
    await browser().go(address());
    const shown = await browser().signIn(ada);
    expect(shown).toMatchObject({ status: 403, html: expect.stringContaining("AADSTS90094: ") });
    expect(shown.html).toContain("(GroupMember.Read.All)");
    expect(await browser().submit({ consent: "accept" })).toMatchObject({ status: 403 });
    expect(parseReply(await browser().submit({ cancel: "1" }))).toMatchObject({ error: "access_denied" });
  });

  test("ends refreshing when it is withdrawn", async () => {
    await browser().go(address());
    const { body } = await redeem({ code: codeOf(await browser().signIn(ada)) });
    const { refresh_token } = body;
    const again = await redeem({ grant_type: "refresh_token", refresh_token });
    expect(again.body).toMatchObject({ scope: body.scope, id_token: expect.any(String) });
    const { value } = (await fixture.graph("GET", "/v1.0/oauth2PermissionGrants")).body;
    await fixture.graph("DELETE", `/v1.0/oauth2PermissionGrants/${value[0].id}`);
    const refused = await redeem({ grant_type: "refresh_token", refresh_token });
    expect(refused.body).toMatchObject({
      error: "invalid_grant",
      error_codes: [65001],
      suberror: "consent_required",
    });
  });
});

describe("the token endpoint", () => {
  const code = async () => {
    const shown = await browser().go(address());
    return codeOf(shown.url.startsWith(REDIRECT_URI) ? shown : await browser().signIn(ada));
  };

  test.each([
    ["a wrong secret", { client_secret: "wrong" }, 401, "invalid_client", 7000215],
    ["no secret", { client_secret: undefined }, 401, "invalid_client", 7000218],
    ["another verifier", { code_verifier: "v".repeat(43) }, 400, "invalid_grant", 501481],
    ["a verifier too short", { code_verifier: "short" }, 400, "invalid_grant", 501481],
    ["no verifier", { code_verifier: undefined }, 400, "invalid_grant", 50148],
    ["another redirect URI", { redirect_uri: `${REDIRECT_URI}/` }, 400, "invalid_client", 500112],
    ["a code that was never given", { code: "made-up" }, 400, "invalid_grant", 70000],
    ["no code", { code: undefined }, 400, "invalid_request", 900144],
    ["an unknown scope", { scope: "Everything.Read" }, 400, "invalid_client", 650053],
    ["another application", { client_id: unknown }, 400, "unauthorized_client", 700016],
  ])("refuses %s", async (_what, fields, status, error, number) => {
    const answer = await redeem({ code: await code(), ...fields });
    expect(answer).toMatchObject({ status, body: { error, error_codes: [number] } });
  });

  test("accepts a code once", async () => {
    const given = await code();
    expect((await redeem({ code: given })).status).toBe(200);
    expect((await redeem({ code: given })).body).toMatchObject({
      error: "invalid_grant",
      error_codes: [54005],
    });
  });

  test("refuses a code of another application", async () => {
    const given = await code();
    fixture.use(await make({}));
    expect((await redeem({ code: given })).body.error_codes).toEqual([70000]);
  });

  test("refuses an expired code or refresh token", async () => {
    const given = await code();
    const { body } = await redeem({ code: await code() });
    now = new Date("2026-11-01T12:10:00Z");
    expect((await redeem({ code: given })).body.error_codes).toEqual([70008]);
    const refresh = () => redeem({ grant_type: "refresh_token", refresh_token: body.refresh_token });
    expect((await refresh()).status).toBe(200);
    now = new Date("2027-01-30T12:00:00Z");
    expect((await refresh()).body.error_codes).toEqual([70008]);
  });

  test("refuses a secret that has expired", async () => {
    fixture.use(await make({ endDateTime: "2026-11-02T00:00:00Z" }));
    const given = await code();
    now = new Date("2026-11-02T00:00:00Z");
    expect((await redeem({ code: given })).body.error_codes).toEqual([7000222]);
  });

  test("issues a refresh token only with offline_access", async () => {
    await browser().go(address({ scope: "openid User.Read" }));
    const { body } = await redeem({ code: codeOf(await browser().signIn(ada)) });
    expect(body).not.toHaveProperty("refresh_token");
    expect(body.scope).toBe(SCOPES.replace(" offline_access", ""));
  });
});

test.each([
  ["plain PKCE", { code_challenge_method: "plain" }],
  ["a parameter that the twin does not know", { max_age: "0" }],
  ["an essential claim", { claims: '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}' }],
  ["a prompt that the twin does not know", { prompt: "create" }],
])("%s is a 501", async (_what, parameters) => {
  const shown = await browser().go(address(parameters));
  expect(shown).toMatchObject({ status: 501, html: expect.stringContaining("does not serve GET") });
});
