import { contoso, contosoGroups, contosoUsers, fabrikam } from "../../../twin/index";
import { parseShownJson, useAccessFixture } from "./access-fixture";

const fixture = useAccessFixture();
const { ada, dana, robin } = contosoUsers;
const { employees, engineers } = contosoGroups;

test("shows the working connection with the user and nested groups", async () => {
  const shown = await fixture.test(ada);
  expect(shown).toMatchObject({ status: 200, html: expect.stringContaining("Your connection works!") });
  expect(new URL(shown.url).hostname).toBe("contoso.cloudflareaccess.com.localhost");
  const group = ({ id, displayName }: { id: string; displayName: string }) => ({ id, name: displayName });
  expect(parseShownJson(shown)).toEqual({
    id: expect.any(String),
    name: ada.displayName,
    email: ada.mail,
    amr: ["pwd"],
    oidc_fields: {},
    groups: [group(engineers), group(employees)],
    idp: { id: fixture.provider().id, type: "azureAD" },
    geo: { country: "XX" },
    user_uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    account_id: contoso.accountId,
    iat: expect.any(Number),
    ip: "127.0.0.1",
  });
  expect(fixture.twin().requests).toContainEqual({
    service: "graph",
    method: "GET",
    path: "/v1.0/me/transitiveMemberOf",
    query: "$select=id,displayName",
    status: 200,
    caller: ada.userPrincipalName,
  });
});

const asked = () =>
  new URLSearchParams(
    fixture.twin().requests.find(({ path }) => path.endsWith("/oauth2/v2.0/authorize"))?.query,
  );

test("sends state, nonce and PKCE to Entra, with the real redirect URI", async () => {
  await fixture.openTest();
  expect(Object.fromEntries(asked())).toEqual({
    client_id: fixture.app().appId,
    response_type: "code",
    redirect_uri: "https://contoso.cloudflareaccess.com/cdn-cgi/access/callback",
    scope: "openid profile email offline_access https://graph.microsoft.com/.default",
    state: expect.stringMatching(/^[0-9a-f]{64}\./),
    nonce: expect.any(String),
    code_challenge: expect.any(String),
    code_challenge_method: "S256",
  });
});

test("omits PKCE and adds prompt if configured", async () => {
  await fixture.connect({ pkce_enabled: false, prompt: "login" });
  expect((await fixture.test()).status).toBe(200);
  expect([...asked().keys()]).not.toContain("code_challenge");
  expect(asked().get("prompt")).toBe("login");
});

test("shows no groups for a user without any, and does not call Graph with groups disabled", async () => {
  expect(parseShownJson(await fixture.test(dana))).toMatchObject({ groups: [] });
  const before = fixture.twin().requests.filter(({ service }) => service === "graph").length;
  await fixture.connect({ support_groups: false });
  expect(parseShownJson(await fixture.openTest())).not.toHaveProperty("groups");
  expect(fixture.twin().requests.filter(({ service }) => service === "graph")).toHaveLength(before);
});

test("fetches hundreds of groups page by page", async () => {
  const made = Array.from({ length: 120 }, (_none, n) => `g${n}`);
  for (const displayName of made) {
    const group = { displayName, mailEnabled: false, mailNickname: displayName, securityEnabled: true };
    const members = [`${fixture.twin().microsoftUrl}/v1.0/directoryObjects/${dana.id}`];
    const { status } = await fixture.graph("POST", "/v1.0/groups", {
      ...group,
      "members@odata.bind": members,
    });
    expect(status).toBe(201);
  }
  const { groups } = parseShownJson(await fixture.test(dana)) as { groups: { name: string }[] };
  expect(groups.map(({ name }) => name).sort()).toEqual(made.sort());
  expect(fixture.twin().requests.filter(({ path }) => path === "/v1.0/me/transitiveMemberOf")).toHaveLength(
    2,
  );
});

describe("the email address", () => {
  const emailOf = async (...who: Parameters<typeof fixture.test>) =>
    parseShownJson(await fixture.test(...who)).email;

  test("is the configured claim, else email, else the user principal name", async () => {
    await fixture.connect({ email_claim_name: "oid" });
    expect(await emailOf(ada)).toBe(ada.id);
    await fixture.connect({ email_claim_name: "of_another_application" });
    expect(parseShownJson(await fixture.openTest()).email).toBe(ada.mail);
  });

  test("of a guest is the one in the home tenant", async () => {
    expect(await emailOf(robin)).toBe(robin.mail);
  });
});

test("passes on only configured claims", async () => {
  await fixture.connect({ claims: ["oid", "preferred_username", "department"] });
  expect(parseShownJson(await fixture.test(ada)).oidc_fields).toEqual({
    oid: ada.id,
    preferred_username: ada.userPrincipalName,
  });
});

test("validates id tokens by the twin's clock", async () => {
  fixture.twin().clock.advance(300 * 24 * 3600);
  expect((await fixture.test()).status).toBe(200);
});

test("logs every sign-in that reaches Access", async () => {
  await fixture.test(ada);
  const [entry, ...others] = await fixture.log();
  expect(others).toEqual([]);
  expect(entry).toEqual({
    action: "login",
    allowed: true,
    app_domain: "contoso.cloudflareaccess.com",
    connection: "azureAD",
    created_at: expect.stringMatching(/^20.*Z$/),
    ip_address: "127.0.0.1",
    ray_id: expect.stringMatching(/^[0-9a-f]{16}$/),
    user_email: ada.mail,
  });
  const other = fixture.client().accessAs(fabrikam.accountId, fabrikam.tokens.auditor.value);
  expect((await other("GET", "/logs/access_requests")).body.result).toEqual([]);
});

test("answers 501 for unknown paths of the team domain", async () => {
  expect(await fixture.browser().go(fixture.team("/warp-reauth"))).toMatchObject({
    status: 501,
    html: expect.stringContaining(
      "The twin does not serve GET /cdn-cgi/access/warp-reauth of contoso.cloudflareaccess.com",
    ),
  });
});
