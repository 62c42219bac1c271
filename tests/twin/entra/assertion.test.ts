import { decodeJwt, generateKeyPair, SignJWT } from "jose";
import { contoso, type Twin } from "../../../twin/index";
import { type OidcIssuer, startOidcIssuer } from "../../support/oidc-issuer";
import type { TwinClient } from "../client";
import { useTwin } from "../twin-fixture";

let twin: Twin;
let client: TwinClient;
let issuer: OidcIssuer;
useTwin((ready) => {
  ({ twin, client } = ready);
});
const subject = "repo:contoso/access:environment:production";
const credential = {
  name: "github",
  issuer: "https://token.actions.githubusercontent.com",
  subject,
  audiences: ["api://AzureADTokenExchange"],
};
let path: string;
beforeEach(async () => {
  issuer = await startOidcIssuer(twin);
  const graph = await client.graphAs(contoso.tenantId, {
    ...contoso.administrator,
  });
  const filter = `/v1.0/applications?$filter=appId eq '${contoso.deployer.appId}'`;
  const { id } = (await graph("GET", filter)).body.value[0];
  path = `/v1.0/applications/${id}/federatedIdentityCredentials`;
  expect((await graph("POST", path, credential)).status).toBe(201);
});
afterEach(() => issuer.close());

const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const exchange = (assertion: string, type: string | undefined = JWT_BEARER) =>
  client.token(contoso.tenantId, {
    client_id: contoso.deployer.appId,
    client_assertion: assertion,
    client_assertion_type: type,
  });

it("exchanges the token of a trusted job for one with the application's permissions", async () => {
  const { status, body } = await exchange(await issuer.issue({ sub: subject }));
  expect(status).toBe(200);
  expect(decodeJwt(body.access_token)).toMatchObject({
    appid: contoso.deployer.appId,
    appidacr: "2",
    roles: contoso.deployer.permissions,
  });
});

it.each<[string, Record<string, unknown>, number, string]>([
  ["of another issuer", { iss: "https://gitlab.com" }, 700211, "issuer 'https://gitlab.com'"],
  ["of another environment", { sub: "repo:contoso/access:environment:drift" }, 700213, "environment:drift'"],
  ["in other case", { sub: "repo:Contoso/access:environment:production" }, 700213, "repo:Contoso"],
  [
    "for another audience",
    { aud: "https://github.com/contoso" },
    700212,
    "audience 'https://github.com/contoso'",
  ],
  ["that has expired", { exp: 1_700_000_000 }, 700024, "valid time range"],
  ["that never expires", { exp: undefined }, 700024, "valid time range"],
  ["that is not valid yet", { nbf: 4_000_000_000 }, 700024, "valid time range"],
])("refuses a token %s", async (_what, claims, code, text) => {
  const { status, body } = await exchange(await issuer.issue({ sub: subject, ...claims }));
  expect([status, body.error_codes]).toEqual([401, [code]]);
  expect(body.error_description).toContain(text);
});

it("refuses a token that another key signed, one of an issuer whose keys it has not, and what is no token", async () => {
  const { privateKey } = await generateKeyPair("RS256");
  const forged = await new SignJWT(decodeJwt(await issuer.issue({ sub: subject })))
    .setProtectedHeader({ alg: "RS256", kid: "local" })
    .sign(privateKey);
  expect((await exchange(forged)).body.error_codes).toEqual([700027]);
  expect((await exchange("no token")).body.error_codes).toEqual([50027]);
  expect((await exchange(forged, "")).body.error_codes).toEqual([900144]);
  expect((await exchange(forged, "urn:other")).status).toBe(501);
  const graph = await client.graphAs(contoso.tenantId, contoso.administrator);
  const other = { ...credential, name: "other", issuer: "https://gitlab.com" };
  await graph("POST", path, other);
  const unknown = await issuer.issue({ sub: subject, iss: "https://gitlab.com" });
  expect((await exchange(unknown)).body.error_codes).toEqual([90061]);
});
