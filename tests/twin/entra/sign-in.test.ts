import { decodeJwt } from "jose";
import { contoso, contosoGroups, contosoUsers, fabrikamUsers } from "../../../twin/index";
import { parseReply, REDIRECT_URI, useEntraFixture } from "./entra-fixture";

const fixture = useEntraFixture();
const { address, browser, client, codeOf, make, redeem } = fixture;
const { ada, ben, robin } = contosoUsers;

async function tokens(user: { id: string; password?: string }, parameters: Record<string, string> = {}) {
  await browser().go(address({ prompt: "select_account", ...parameters }));
  const { body } = await redeem({ code: codeOf(await browser().signIn(user)) });
  return { ...body, claims: decodeJwt(body.id_token) };
}

const onBehalf = (token: string, path: string) =>
  client().send("GET", path, { headers: { authorization: `Bearer ${token}` } });

test("serves Graph on behalf of the signed-in user", async () => {
  const { access_token, claims } = await tokens(ben);
  const groups = await onBehalf(access_token, "/v1.0/me/transitiveMemberOf");
  expect(groups.body.value.map(({ id }: { id: string }) => id)).toEqual([
    contosoGroups.engineers.id,
    contosoGroups.employees.id,
  ]);
  const info = await onBehalf(access_token, "/oidc/userinfo");
  expect(info).toEqual({
    status: 200,
    body: {
      sub: expect.any(String),
      name: "Ben Castro",
      given_name: "Ben",
      family_name: "Castro",
      email: ben.mail,
    },
  });
  expect(claims.oid).toBe(ben.id);
  expect(fixture.twin().requests).toContainEqual(
    expect.objectContaining({ service: "graph", path: "/oidc/userinfo", status: 200 }),
  );
});

test("refuses application tokens and forged tokens at userinfo", async () => {
  const own = await client().token(contoso.tenantId, {
    client_id: contoso.deployer.appId,
    client_secret: contoso.deployer.secret,
  });
  const { access_token } = await tokens(ada);
  const [head, , signature] = access_token.split(".");
  const forged = Buffer.from(JSON.stringify({ ...decodeJwt(access_token), oid: ben.id })).toString(
    "base64url",
  );
  for (const token of [own.body.access_token, `${head}.${forged}.${signature}`, ""]) {
    expect((await onBehalf(token, "/oidc/userinfo")).status).toBe(401);
  }
});

test("issues a different subject per application", async () => {
  const first = (await tokens(ada)).claims.sub;
  expect((await tokens(ada)).claims.sub).toBe(first);
  expect((await tokens(ben)).claims.sub).not.toBe(first);
  fixture.use(await make({}));
  expect((await tokens(ada)).claims.sub).not.toBe(first);
});

test("requires no sign-in again until the user signs out", async () => {
  await tokens(ada);
  expect((await browser().go(address())).url).toContain("code=");
  expect((await browser().go(address({ prompt: "none" }))).url).toContain("code=");
  expect((await browser().go(address({ prompt: "login" }))).html).toContain("Pick an account");
  const kept = browser().cookies;
  const out = `/${contoso.tenantId}/oauth2/v2.0/logout`;
  const back = await browser().go(
    `${out}?${new URLSearchParams({ post_logout_redirect_uri: REDIRECT_URI, state: "s" })}`,
  );
  expect(back.url).toBe(`${REDIRECT_URI}?state=s`);
  expect((await browser().go(address())).html).toContain("Pick an account");
  browser().cookies = kept;
  expect((await browser().go(address())).html).toContain("Pick an account");
  const stays = await browser().go(`${out}?post_logout_redirect_uri=https://elsewhere.test/`);
  expect(stays).toMatchObject({ status: 200, html: expect.stringContaining("You signed out") });
});

test("lets the user pick another account without signing out", async () => {
  expect((await tokens(ada)).claims.oid).toBe(ada.id);
  expect((await tokens(ben)).claims.oid).toBe(ben.id);
  const { body } = await redeem({ code: codeOf(await browser().go(address())) });
  expect(decodeJwt(body.id_token).oid).toBe(ben.id);
});

test("binds sign-in steps to the browser", async () => {
  const picker = await browser().go(address());
  const answer = await fetchAs(picker.url);
  expect(answer).toMatchObject({ status: 400 });
  expect(picker.html).not.toContain("<script");
  expect(picker.html).toContain('<label for="name">');
});

async function fetchAs(url: string) {
  const stranger = new (browser().constructor as typeof import("./browser").Browser)(fixture.twin());
  try {
    return await stranger.go(url);
  } finally {
    await stranger.close();
  }
}

test("replies in the fragment or as a form if requested", async () => {
  await browser().go(address({ response_mode: "fragment" }));
  const fragment = await browser().signIn(ada);
  expect(new URLSearchParams(new URL(fragment.url).hash.slice(1)).get("state")).toBe("some state");
  const form = await browser().go(address({ response_mode: "form_post" }));
  expect(form.html).toContain(`<form method="post" action="${REDIRECT_URI}">`);
  expect(form.html).toMatch(/name="code" value="[\w-]+"/);
  expect(form.html).toContain('name="state" value="some state"');
  const refused = await browser().go(address({ response_mode: "form_post", scope: "Nothing" }));
  expect(refused.html).toMatch(/name="error" value="invalid_client"/);
});

describe("claims of the id token", () => {
  test("are limited without profile and email", async () => {
    const { claims } = await tokens(ada, { scope: "openid" });
    expect(Object.keys(claims).sort()).toEqual(
      ["aud", "exp", "iat", "iss", "nbf", "nonce", "sub", "uti", "ver"].sort(),
    );
  });

  test("include the registered optional ones", async () => {
    const idToken = ["email", "upn", "given_name", "family_name"].map((name) => ({ name, essential: false }));
    fixture.use(await make({ application: { optionalClaims: { idToken } } }));
    expect((await tokens(ada, { scope: "openid" })).claims).toMatchObject({
      email: ada.mail,
      upn: ada.userPrincipalName,
      given_name: "Ada",
      family_name: "Berg",
    });
  });

  test("name a guest by the address in the home tenant", async () => {
    const { claims } = await tokens(robin, { scope: "openid profile" });
    expect(claims).toMatchObject({
      preferred_username: fabrikamUsers.robin.userPrincipalName,
      email: robin.mail,
      oid: robin.id,
      tid: contoso.tenantId,
    });
  });

  test("include groups if registered, or a link for more than 200", async () => {
    fixture.use(await make({ application: { groupMembershipClaims: "SecurityGroup" } }));
    expect((await tokens(ben)).claims.groups).toEqual([
      contosoGroups.engineers.id,
      contosoGroups.employees.id,
    ]);
    const groups = Array.from({ length: 199 }, (_, i) => ({
      id: `00000000-0000-4000-8000-${String(i).padStart(12, "0")}`,
      displayName: `Group ${i}`,
      members: [ben.id],
    }));
    const seed = (more: typeof groups) => ({
      tenants: [{ ...contoso.tenant, groups: [...contoso.tenant.groups, ...more] }],
      accounts: [],
    });
    for (const [more, many] of [
      [groups.slice(1), false],
      [groups, true],
    ] as const) {
      fixture.twin().reset(seed([...more]));
      fixture.use(await make({ application: { groupMembershipClaims: "SecurityGroup" } }));
      const { claims } = await tokens(ben);
      expect("groups" in claims).toBe(!many);
      expect("_claim_names" in claims).toBe(many);
    }
  });

  test("include only the groups that are assigned to the application, without nested ones, if registered so", async () => {
    const application = {
      groupMembershipClaims: "ApplicationGroup",
      optionalClaims: { idToken: [{ name: "groups", essential: false }] },
    };
    fixture.use(await make({ application }));
    const resourceId = fixture.app().principalId;
    const assign = (principalId: string) =>
      fixture.graph("POST", `/v1.0/servicePrincipals/${resourceId}/appRoleAssignedTo`, {
        principalId,
        resourceId,
        appRoleId: "00000000-0000-0000-0000-000000000000",
      });
    await assign(contosoGroups.employees.id);
    expect((await tokens(ben)).claims).not.toHaveProperty("groups");
    await assign(contosoGroups.engineers.id);
    expect((await tokens(ben)).claims.groups).toEqual([contosoGroups.engineers.id]);
  });

  test("are answered 501 if they are not served", async () => {
    fixture.use(
      await make({ application: { optionalClaims: { idToken: [{ name: "ctry", essential: false }] } } }),
    );
    expect((await browser().go(address())).html).toContain("does not serve");
  });
});

test("returns the OpenID configuration in Microsoft's form, for a tenant and for any", async () => {
  const read = async (tenant: string) =>
    (await client().send("GET", `/${tenant}/v2.0/.well-known/openid-configuration`)).body;
  const base = `${fixture.twin().microsoftUrl}/${contoso.tenantId}`;
  expect(await read(contoso.tenantId)).toMatchObject({
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    userinfo_endpoint: `${fixture.twin().microsoftUrl}/oidc/userinfo`,
    subject_types_supported: ["pairwise"],
  });
  expect((await read("common")).issuer).toBe(`${fixture.twin().microsoftUrl}/{tenantid}/v2.0`);
  expect((await read("nowhere.test")).error_codes).toEqual([90002]);
});

test("forgets sessions at reset", async () => {
  await tokens(ada);
  fixture.twin().reset();
  fixture.use(await make({}));
  expect((await browser().go(address())).html).toContain("Pick an account");
  expect(parseReply(await browser().submit({ cancel: "1" }))).toMatchObject({ error: "access_denied" });
});
