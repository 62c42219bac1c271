import { Clock } from "../../../twin/clock";
import { contoso, devSeed } from "../../../twin/index";
import { useGraphAs } from "../graph/graph-fixture";

const lab = useGraphAs(contoso.administrator);
const HOUR = 3600;

/** An application with a service principal and a secret that ends in two hours. */
async function withSecret() {
  const { body } = await lab.call("POST", "/v1.0/applications", { displayName: "Clocked" });
  await lab.call("POST", "/v1.0/servicePrincipals", { appId: body.appId });
  const endDateTime = new Date(lab.twin().clock.now().getTime() + 2 * HOUR * 1000).toISOString();
  const { body: secret } = await lab.call("POST", `/v1.0/applications/${body.id}/addPassword`, {
    passwordCredential: { endDateTime },
  });
  return { client_id: body.appId, client_secret: secret.secretText };
}
const signIn = async (fields: Record<string, string>) => {
  const { status, body } = await lab.client().token(contoso.tenantId, fields);
  return body.error_codes?.[0] ?? status;
};

test("expires tokens and secrets by the twin's clock", async () => {
  const fields = await withSecret();
  expect(await signIn(fields)).toBe(200);
  lab.twin().clock.advance(HOUR + 1);
  expect((await lab.call("GET", "/v1.0/applications")).status).toBe(401);
  expect(await signIn(fields)).toBe(200);
  lab.twin().clock.advance(HOUR);
  expect(await signIn(fields)).toBe(7000222);
});

test("sends the twin's time in responses", async () => {
  lab.twin().clock.set(new Date("2030-01-01T00:00:00Z"));
  const { cloudflareUrl } = lab.twin();
  const { headers } = await fetch(`${cloudflareUrl}/accounts`);
  expect(headers.get("date")).toBe("Tue, 01 Jan 2030 00:00:00 GMT");
});

test("runs on from where it is set", () => {
  let source = new Date("2026-01-01T00:00:00Z");
  const clock = new Clock(() => source);
  clock.set(new Date("2030-01-01T00:00:00Z"));
  source = new Date("2026-01-01T00:00:05Z");
  expect(clock.now()).toEqual(new Date("2030-01-01T00:00:05Z"));
  clock.advance(-6);
  expect(clock.now()).toEqual(new Date("2029-12-31T23:59:59Z"));
  expect(() => clock.set(new Date("soon"))).toThrow(RangeError);
  for (const seconds of [Number.NaN, 1e300]) expect(() => clock.advance(seconds)).toThrow(RangeError);
  expect(clock.now()).toEqual(new Date("2029-12-31T23:59:59Z"));
});

describe("a frozen clock", () => {
  let source: Date;
  let clock: Clock;
  beforeEach(() => {
    source = new Date("2026-01-01T00:00:00Z");
    clock = new Clock(() => source);
    clock.freeze();
  });

  it("only moves when it is set", () => {
    source = new Date("2026-01-01T00:00:05Z");
    expect(clock.now()).toEqual(new Date("2026-01-01T00:00:00Z"));
    clock.advance(60);
    clock.freeze();
    expect(clock.now()).toEqual(new Date("2026-01-01T00:01:00Z"));
    clock.offset = 0;
    expect(clock.now()).toEqual(new Date("2026-01-01T00:00:00Z"));
  });

  it("runs on from the time it shows when it is unfrozen", () => {
    source = new Date("2026-01-01T00:00:05Z");
    clock.advance(60);
    clock.unfreeze();
    expect([clock.isFrozen, clock.now()]).toEqual([false, new Date("2026-01-01T00:01:00Z")]);
    source = new Date("2026-01-01T00:00:07Z");
    expect(clock.now()).toEqual(new Date("2026-01-01T00:01:02Z"));
  });
});

test("is reset with the twin", () => {
  lab.twin().clock.advance(HOUR);
  lab.twin().reset();
  expect(lab.twin().clock.offset).toBe(0);
});

test("accepts a new secret only after the delay, and older ones always", async () => {
  lab.twin().secretDelaySeconds = 10;
  const fields = await withSecret();
  expect(await signIn(fields)).toBe(7000215);
  const { appId: client_id, secret: client_secret } = contoso.deployer;
  expect(await signIn({ client_id, client_secret })).toBe(200);
  lab.twin().clock.advance(10);
  expect(await signIn(fields)).toBe(200);
});

test("lets the replicas of the token endpoint learn of a new secret one after another, and answer in turn", async () => {
  lab.twin().reset({ ...devSeed, secretDelaySeconds: 20, tokenReplicas: 2 });
  const fields = await withSecret();
  const ask = async () => [await signIn(fields), await signIn(fields)];
  expect(await ask()).toEqual([7000215, 7000215]);
  lab.twin().clock.advance(10);
  expect((await ask()).sort()).toEqual([200, 7000215]);
  lab.twin().clock.advance(10);
  expect(await ask()).toEqual([200, 200]);
});

test("does not know a new service principal before the delay", async () => {
  lab.twin().principalDelaySeconds = 10;
  const fields = await withSecret();
  expect(await signIn(fields)).toBe(7000229);
  const { appId: client_id, secret: client_secret } = contoso.deployer;
  expect(await signIn({ client_id, client_secret })).toBe(200);
  lab.twin().clock.advance(10);
  expect(await signIn(fields)).toBe(200);
});

test("restores the seed's delay of secrets at reset", async () => {
  lab.twin().secretDelaySeconds = 10;
  lab.twin().reset();
  expect(lab.twin().secretDelaySeconds).toBe(0);
});
