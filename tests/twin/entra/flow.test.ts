import { readFileSync } from "node:fs";
import { createRemoteJWKSet, customFetch, decodeJwt, jwtVerify } from "jose";
import { Agent, fetch } from "undici";
import { contoso, contosoUsers } from "../../../twin/index";
import { answerOf, lab, REDIRECT_URI } from "./lab";

const { address, app, browser, client, codeOf, redeem, twin } = lab();
const { ada } = contosoUsers;

test("a person signs in with code and PKCE, and everything can be checked by the published keys", async () => {
  const { body: discovery } = await client().send(
    "GET",
    `/${contoso.domain}/v2.0/.well-known/openid-configuration`,
  );
  expect(discovery.issuer).toBe(`${twin().microsoftUrl}/${contoso.tenantId}/v2.0`);
  const picker = await browser().go(address());
  expect(picker).toMatchObject({ status: 200, html: expect.stringContaining("Pick an account") });
  const back = await browser().signIn(ada);
  expect(back.url.startsWith(REDIRECT_URI)).toBe(true);
  expect(answerOf(back)).toEqual({ code: expect.any(String), state: "some state" });

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
