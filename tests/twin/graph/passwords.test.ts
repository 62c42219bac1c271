import { contoso, devSeed } from "../../../twin/index";
import { useGraphAs } from "./graph-fixture";

const { call } = useGraphAs(contoso.deployer, { now: () => new Date("2026-11-01T12:00:00.250Z") });

let path: string;
beforeEach(async () => {
  const { body } = await call("POST", "/v1.0/applications", { displayName: "Access" });
  path = `/v1.0/applications/${body.id}`;
});

const add = (passwordCredential?: unknown) => call("POST", `${path}/addPassword`, { passwordCredential });
const passwords = async () => (await call("GET", path)).body.passwordCredentials;

test("shows a secret once, later only its hint and key id", async () => {
  const { status, body } = await add({ displayName: "first", endDateTime: "2027-01-01T00:00:00Z" });
  expect(status).toBe(200);
  expect(body).toEqual({
    "@odata.context": expect.stringMatching(/#microsoft\.graph\.passwordCredential$/),
    customKeyIdentifier: null,
    displayName: "first",
    endDateTime: "2027-01-01T00:00:00Z",
    hint: body.secretText.slice(0, 3),
    keyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    secretText: expect.stringMatching(/^[\w-]{3}8Q~[\w-]{34}$/),
    startDateTime: "2026-11-01T12:00:00.25Z",
  });
  const { "@odata.context": _context, ...shown } = body;
  expect(await passwords()).toEqual([{ ...shown, secretText: null }]);
});

test("lets a secret without an end expire two years after its start", async () => {
  expect((await add({ startDateTime: "2026-12-01T00:00:00Z" })).body).toMatchObject({
    displayName: null,
    startDateTime: "2026-12-01T00:00:00Z",
    endDateTime: "2028-12-01T00:00:00Z",
  });
  expect((await call("POST", `${path}/addPassword`, {})).body.endDateTime).toBe("2028-11-01T12:00:00.25Z");
});

test("keeps fractions of a second unless they are zero", async () => {
  expect((await add({ endDateTime: "2027-01-01T00:00:00.000Z" })).body.endDateTime).toBe(
    "2027-01-01T00:00:00Z",
  );
  expect((await add({ endDateTime: "2027-01-01T00:00:00.120Z" })).body.endDateTime).toBe(
    "2027-01-01T00:00:00.12Z",
  );
});

test.each([
  ["an end in the past", { endDateTime: "2026-11-01T12:00:00Z" }],
  ["a life that is over", { startDateTime: "2026-01-01T00:00:00Z", endDateTime: "2026-06-01T00:00:00Z" }],
  ["an end before the start", { startDateTime: "2028-01-01T00:00:00Z", endDateTime: "2027-01-01T00:00:00Z" }],
  ["an end that is no date", { endDateTime: "tomorrow" }],
  ["a secret of the caller's choice", { secretText: "mine" }],
  ["an unknown property", { lifetime: 1 }],
])("%s is a 400", async (_what, passwordCredential) => {
  const answer = await add(passwordCredential);
  expect([answer.status, answer.body.error?.code]).toEqual([400, "Request_BadRequest"]);
  expect(await passwords()).toEqual([]);
});

test("removes one secret and keeps the others", async () => {
  const first = (await add()).body;
  const second = (await add()).body;
  expect((await call("POST", `${path}/removePassword`, { keyId: first.keyId })).status).toBe(204);
  expect((await passwords()).map((p: { keyId: string }) => p.keyId)).toEqual([second.keyId]);
  const again = await call("POST", `${path}/removePassword`, { keyId: first.keyId });
  expect(again).toMatchObject({
    status: 400,
    body: { error: { message: "No password credential found with keyId." } },
  });
});

test("creates a secret with the application and shows it in the answer", async () => {
  const body = { displayName: "Inline", passwordCredentials: [{ displayName: "inline" }] };
  const made = (await call("POST", "/v1.0/applications", body)).body;
  expect(made.passwordCredentials).toMatchObject([{ displayName: "inline", secretText: expect.any(String) }]);
  const later = (await call("GET", `/v1.0/applications/${made.id}`)).body;
  expect(later.passwordCredentials).toMatchObject([{ displayName: "inline", secretText: null }]);
});

test("answers 404 for secrets of an unknown application", async () => {
  const unknown = "/v1.0/applications/11111111-2222-4333-8444-555555555555";
  expect((await call("POST", `${unknown}/addPassword`, {})).status).toBe(404);
  expect((await call("POST", `${unknown}/removePassword`, { keyId: unknown.slice(-36) })).status).toBe(404);
});

describe("the tenant's app management policy", () => {
  const tenants = devSeed.tenants.map((tenant) => ({ ...tenant, passwordPolicy: { longestDays: 30 } }));
  const { call } = useGraphAs(contoso.deployer, { seed: { ...devSeed, tenants } });

  test("limits the lifetime of a secret, with Graph's code and details", async () => {
    const application = { displayName: "Access" };
    const made = (await call("POST", "/v1.0/applications", application)).body;
    const add = (days: number) => {
      const startDateTime = "2098-11-01T00:00:00Z";
      const endDateTime = new Date(Date.parse(startDateTime) + days * 86_400_000).toISOString();
      const passwordCredential = { startDateTime, endDateTime };
      return call("POST", `/v1.0/applications/${made.id}/addPassword`, { passwordCredential });
    };
    expect((await add(30)).status).toBe(200);
    const { status, body } = await add(30.1);
    expect([status, body.error.code]).toEqual([400, "CredentialInvalidLifetimeAsPerAppPolicy"]);
    expect(body.error.details).toEqual([
      { code: "InvalidKeyEndDate", message: body.error.message, target: "EndDate" },
    ]);
    const inline = { ...application, passwordCredentials: [{}] };
    expect((await call("POST", "/v1.0/applications", inline)).status).toBe(400);
  });
});
