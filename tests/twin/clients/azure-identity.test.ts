import { readFileSync } from "node:fs";
import { ClientSecretCredential } from "@azure/identity";
import { decodeJwt } from "jose";
import { contoso, devSeed, startTwin, type Twin } from "../../../twin/index";

let twin: Twin;
const expired = "expired-not-a-real-secret";
const lapsed = {
  ...contoso.auditor,
  appId: "0b0f2f2e-52a5-4f0c-8f51-0b1f4c6f7a10",
  secret: expired,
  secretEndDateTime: "2020-01-01T00:00:00Z",
};

beforeAll(async () => {
  const [tenant, ...others] = devSeed.tenants;
  if (!tenant) throw new Error("the seed has a tenant");
  const principals = [...tenant.principals, lapsed];
  twin = await startTwin({ seed: { ...devSeed, tenants: [{ ...tenant, principals }, ...others] } });
});
afterAll(() => twin.close());

/** Microsoft's own credential, as programs that call Graph or Azure use it. */
const credential = (o: { tenantId?: string; appId?: string; secret?: string } = {}) =>
  new ClientSecretCredential(
    o.tenantId ?? contoso.tenantId,
    o.appId ?? contoso.deployer.appId,
    o.secret ?? contoso.deployer.secret,
    {
      authorityHost: twin.microsoftUrl,
      // It would ask Microsoft whether the twin is an authority.
      disableInstanceDiscovery: true,
      tlsOptions: { ca: readFileSync(twin.caFile) },
      retryOptions: { maxRetries: 0 },
    },
  );

test("gives Microsoft's credential a token that Graph accepts and the client caches", async () => {
  const own = credential();
  const scope = `${twin.microsoftUrl}/.default`;
  const { token } = await own.getToken(scope);
  expect(decodeJwt(token)).toMatchObject({
    appid: contoso.deployer.appId,
    tid: contoso.tenantId,
    idtyp: "app",
  });
  const asked = () => twin.requests.filter(({ path }) => path.endsWith("/token")).length;
  const before = asked();
  expect((await own.getToken(scope)).token).toBe(token);
  expect(asked()).toBe(before);
});

test.each([
  ["a wrong secret", { secret: "wrong" }, "invalid_client", 7000215],
  ["an expired secret", { appId: lapsed.appId, secret: expired }, "invalid_client", 7000222],
  ["an unknown application", { appId: contoso.tenantId }, "unauthorized_client", 700016],
])("%s: it tells the error as Entra does", async (_what, o, error, code) => {
  const asking = credential(o).getToken(`${twin.microsoftUrl}/.default`);
  await expect(asking).rejects.toThrow(new RegExp(`^${error}: .*AADSTS${code}: `));
});
