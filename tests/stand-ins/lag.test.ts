import type { GraphApi } from "../../stand-ins/azuread/microsoft-graph/client";
import type { StandIn } from "../../stand-ins/bridge/stand-in";
import {
  APPLICATION,
  createResource,
  findGraphPrincipalId,
  GRANT,
  getCallerId,
  type InjectedFault,
  PASSWORD,
  SERVICE_PRINCIPAL,
  type StandInFixture,
  signInStandIn,
  startStandInFixture,
  urn,
} from "./stand-in-fixture";

const NOT_FOUND = {
  error: {
    code: "Request_ResourceNotFound",
    message: "Resource 'x' does not exist or one of its queried reference-property objects are not present.",
  },
};
const NO_APP = {
  error: {
    code: "Request_BadRequest",
    message: "The appId 'x' of the service principal does not reference a valid application object.",
  },
};
const BUSY = { error: { code: "TooManyRequests", message: "Too many requests" } };

let lab: StandInFixture;
let standIn: StandIn<GraphApi>;
beforeAll(async () => {
  lab = await startStandInFixture();
});
beforeEach(async () => {
  lab.twin.reset();
  lab.wire.faults = [];
  lab.wire.waits.length = 0;
  standIn = await signInStandIn(lab);
});
afterAll(() => lab.close());

const fault = (
  method: string,
  path: RegExp,
  status: number,
  times: number,
  more: Partial<InjectedFault> = {},
): InjectedFault => ({
  method,
  path,
  status,
  times,
  body: NOT_FOUND,
  ...more,
});

const app = async () =>
  createResource(standIn, APPLICATION, { displayName: "Lag", owners: [await getCallerId(standIn)] });
const count = (method: string, path: RegExp) =>
  lab.wire.sent.filter((sent) => sent.method === method && path.test(sent.path)).length;

// What the real plugin did in the recordings 11c to 11d5.
test("waits for Retry-After when throttled, or increasing times without it", async () => {
  lab.wire.faults = [
    fault("POST", /\/applications$/, 429, 2, { body: BUSY, headers: { "retry-after": "3" } }),
    fault("PATCH", /\/applications\//, 503, 3, { body: BUSY }),
  ];
  expect((await app()).outputs.displayName).toBe("Lag");
  expect(lab.wire.waits).toEqual([3000, 3000, 100, 200, 400]);
});

test("gives up after eight retries when throttled", async () => {
  lab.wire.faults = [fault("POST", /\/applications$/, 429, 99, { body: BUSY })];
  await expect(app()).rejects.toThrow(
    "Could not create application: unexpected status 429 (429 Too Many Requests) with error: TooManyRequests",
  );
  expect(count("POST", /\/applications$/)).toBe(9);
});

test("retries 404 on the new application's PATCH, 400 on the new service principal and 404 on the new grant", async () => {
  lab.wire.faults = [
    fault("PATCH", /\/applications\//, 404, 2),
    fault("POST", /\/servicePrincipals$/, 400, 2, { body: NO_APP }),
    fault("POST", /\/oauth2PermissionGrants$/, 404, 2),
  ];
  const { outputs } = await app();
  const { outputs: sp } = await createResource(standIn, SERVICE_PRINCIPAL, {
    clientId: outputs.clientId,
    owners: [await getCallerId(standIn)],
  });
  const grant = await createResource(standIn, GRANT, {
    claimValues: ["openid"],
    servicePrincipalObjectId: sp.objectId,
    resourceServicePrincipalObjectId: await findGraphPrincipalId(standIn),
  });
  expect(grant.outputs.claimValues).toEqual(["openid"]);
});

test("fails on 404 for the new service principal's PATCH, keeps it unfinished, and repairs it at the next up", async () => {
  const { outputs } = await app();
  lab.wire.faults = [fault("PATCH", /\/servicePrincipals\//, 404, 1)];
  const { inputs } = standIn.check(urn(SERVICE_PRINCIPAL), {
    clientId: outputs.clientId,
    owners: [await getCallerId(standIn)],
  });
  const failed = await standIn.create(urn(SERVICE_PRINCIPAL), inputs, false).catch((error) => error);
  expect(failed.message).toBe(
    `creating ${urn(SERVICE_PRINCIPAL)}: 1 error occurred:\n\t* Timed out whilst waiting for new service principal to be replicated in Azure AD: ` +
      `unexpected status 404 (404 Not Found) with error: Request_ResourceNotFound: ${NOT_FOUND.error.message}\n\n`,
  );
  expect(failed.id).toMatch(/^\/servicePrincipals\//);
  expect(failed.outputs.clientId).toBe(outputs.clientId);
  const healed = await standIn.update(urn(SERVICE_PRINCIPAL), failed.id, failed.outputs, inputs, false);
  expect(healed).toMatchObject({ description: "", displayName: "Lag" });
});

test("fails on 404 for addPassword, without a password in the state", async () => {
  const { id } = await app();
  lab.wire.faults = [fault("POST", /addPassword$/, 404, 1)];
  const failed = await createResource(standIn, PASSWORD, { applicationId: id }).catch((error) => error);
  expect(failed.message).toContain(
    `Adding password for Application (Application: "${id.split("/")[2]}"): unexpected status 404`,
  );
  expect(failed.id).toBeUndefined();
});

test("loses a new application on 404 for its first GET, and fails at its name in the next run", async () => {
  lab.wire.faults = [fault("GET", /^\/v1\.0\/applications\/[^/?]+$/, 404, 1)];
  const values = { displayName: "Orphan", preventDuplicateNames: true, owners: [await getCallerId(standIn)] };
  const failed = await createResource(standIn, APPLICATION, values).catch((error) => error);
  expect(failed.message).toContain("expected non-nil error with nil state during Create of");
  expect(failed.id).toBeUndefined();
  await expect(createResource(standIn, APPLICATION, values)).rejects.toThrow(
    'An existing "azuread_application" with name "Orphan"',
  );
});

test("waits until Graph has confirmed a deletion five times", async () => {
  const { id, outputs } = await app();
  lab.wire.calls();
  lab.wire.faults = [fault("GET", /\/applications\//, 503, 1, { body: BUSY })];
  await standIn.delete(urn(APPLICATION), id, outputs);
  expect(count("GET", /\/applications\//)).toBe(6);
});

test("adds passwords of an application one by one", async () => {
  const { id } = await app();
  lab.wire.calls();
  await Promise.all([
    createResource(standIn, PASSWORD, { applicationId: id }),
    createResource(standIn, PASSWORD, { applicationId: id }),
  ]);
  const calls = lab.wire.calls().map((call) => (call.startsWith("POST") ? "add" : "get"));
  const one = ["get", "add", "get", "get", "get", "get", "get", "get"];
  expect(calls).toEqual([...one, ...one]);
});

test("aborts a running call on cancel", async () => {
  const creation = app();
  standIn.cancel();
  await expect(creation).rejects.toThrow(/abort/i);
});
