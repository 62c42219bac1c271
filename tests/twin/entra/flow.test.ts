import { readFileSync } from "node:fs";
import { createRemoteJWKSet, customFetch, decodeJwt, jwtVerify } from "jose";
import { Agent, fetch } from "undici";
import { contoso, contosoUsers } from "../../../twin/index";
import { TwinClient } from "../client";
import { parseReply, REDIRECT_URI, useEntraFixture } from "./entra-fixture";

const fixture = useEntraFixture();
const { address, app, browser, client, codeOf, redeem, twin } = fixture;
const { ada, ben } = contosoUsers;

test("signs a user in with code and PKCE, with tokens that the published keys verify", async () => {
  const { body: discovery } = await client().send(
    "GET",
    `/${contoso.domain}/v2.0/.well-known/openid-configuration`,
  );
  expect(discovery.issuer).toBe(`${twin().microsoftUrl}/${contoso.tenantId}/v2.0`);
  const picker = await browser().go(address());
  expect(picker).toMatchObject({ status: 200, html: expect.stringContaining("Pick an account") });
  const back = await browser().signIn(ada);
  expect(back.url.startsWith(REDIRECT_URI)).toBe(true);
  expect(parseReply(back)).toEqual({ code: expect.any(String), state: "some state" });

  const { status, body } = await redeem({ code: codeOf(back) });
  expect(status).toBe(200);
  expect(body).toMatchObject({ token_type: "Bearer", expires_in: 3599, refresh_token: expect.any(String) });
  const agent = new Agent({ connect: { ca: readFileSync(twin().caFile) } });
  const keys = createRemoteJWKSet(new URL(discovery.jwks_uri), {
    [customFetch]: ((url: string, o: object) => fetch(url, { ...o, dispatcher: agent })) as never,
  });
  const { payload } = await jwtVerify(body.id_token, keys, {
    issuer: discovery.issuer,
    audience: app().appId,
  });
  await agent.close();
  expect(payload).toEqual({
    aud: app().appId,
    iss: discovery.issuer,
    sub: expect.any(String),
    oid: ada.id,
    tid: contoso.tenantId,
    name: ada.displayName,
    preferred_username: ada.userPrincipalName,
    email: ada.mail,
    nonce: "some nonce",
    ver: "2.0",
    uti: expect.any(String),
    iat: expect.any(Number),
    nbf: payload.iat,
    exp: Number(payload.iat) + 3600,
  });
  expect(payload.sub).not.toBe(ada.id);
  const access = decodeJwt(body.access_token);
  expect(access).toMatchObject({
    aud: "00000003-0000-0000-c000-000000000000",
    scp: "openid profile email User.Read GroupMember.Read.All",
    oid: ada.id,
    tid: contoso.tenantId,
    appid: app().appId,
  });
  expect(access).not.toHaveProperty("roles");
});

test("signs users in without consent for an application like the stack's", async () => {
  const ids = [
    "37f7f235-527c-4136-accd-4a02d197296e", // openid
    "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0", // email
    "14dad69e-099b-42c9-810b-d002981feec1", // profile
    "e1fe6dd8-ba31-4d61-89e7-88639da4683d", // User.Read
    "bc024368-1153-4739-b217-4326f2e966d0", // GroupMember.Read.All
  ];
  fixture.use(
    await fixture.make({
      as: contoso.deployer,
      application: {
        displayName: "Cloudflare Access (contoso)",
        optionalClaims: { idToken: [{ name: "email", essential: false }] },
        requiredResourceAccess: [
          {
            resourceAppId: "00000003-0000-0000-c000-000000000000",
            resourceAccess: ids.map((id) => ({ id, type: "Scope" })),
          },
        ],
        tags: ["entra-access:test"],
        web: {
          redirectUris: [REDIRECT_URI],
          implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
        },
      },
      consent: "openid email profile User.Read GroupMember.Read.All",
    }),
  );
  await browser().go(address({ scope: "openid https://graph.microsoft.com/.default" }));
  const back = await browser().signIn(ben);
  const { body } = await redeem({ code: codeOf(back) });
  expect(body.scope).toBe("openid email profile User.Read GroupMember.Read.All");
  expect(decodeJwt(body.id_token)).toMatchObject({ aud: app().appId, email: ben.mail, name: "Ben Castro" });
  const { body: groups } = await client().send("GET", "/v1.0/me/transitiveMemberOf", {
    headers: { authorization: `Bearer ${body.access_token}` },
  });
  expect(groups.value).toHaveLength(2);
});

test("hides oidc-provider's warning about Node.js", async () => {
  const said = (["warn", "info", "log", "error"] as const).map((name) => jest.spyOn(console, name));
  try {
    jest.resetModules();
    const fresh = require("../../../twin/index") as typeof import("../../../twin/index");
    const other = await fresh.startTwin();
    const client = new TwinClient(other);
    const answer = await client.token(contoso.tenantId, {
      grant_type: "authorization_code",
      code: "made-up",
      redirect_uri: REDIRECT_URI,
      client_id: contoso.deployer.appId,
      client_secret: contoso.deployer.secret,
      scope: undefined,
    });
    expect(answer.body.error_codes).toEqual([70000]); // So oidc-provider was loaded.
    await Promise.all([client.close(), other.close()]);
    for (const spy of said) expect(spy).not.toHaveBeenCalled();
  } finally {
    for (const spy of said) spy.mockRestore();
  }
});
