import * as pulumi from "@pulumi/pulumi";
import { type DeployedRotation, planRotation } from "../../../components/entra/client-secret/rotation";
import {
  getDeployedRotation,
  readLastOutputs,
  selectRotationInUse,
  warnOfRotation,
} from "../../../components/entra/client-secret/rotation-outputs";
import { lastUpdate, resolved, startProgram } from "../../support/mocks";
import { rotationArgs as args, now } from "./rotation-args";

const addDays = (days: number) => new Date(now.getTime() + days * 24 * 60 * 60 * 1000);
const deployed: DeployedRotation = { keyId: "key", ...planRotation(args, undefined, now) };

beforeEach(startProgram);

describe("the outputs of the last update", () => {
  test("have no rotation before the first update, and the deployed one after it", async () => {
    expect(getDeployedRotation(args, (await readLastOutputs()).getLastOutputs("entra"))).toBeUndefined();
    lastUpdate.rotation = deployed;
    lastUpdate.identityProviders = { fabrikam: { rotation: { ...deployed, number: 7 } } };
    const { getLastOutputs: last } = await readLastOutputs();
    expect(getDeployedRotation(args, last("entra"))).toEqual(deployed);
    expect(getDeployedRotation(args, last("fabrikam"))).toMatchObject({ number: 7 });
    expect(getDeployedRotation(args, last("another"))).toBeUndefined();
  });

  test("of release 0.1.0 keep the client secret until it is due", async () => {
    lastUpdate.credential = { rotation: 4, expires: "2027-03-01T09:00:00Z", keyId: "old" };
    const last = getDeployedRotation(args, (await readLastOutputs()).getLastOutputs("entra"));
    const same = { number: 4, displayName: "sign-in", expiresAt: "2027-03-01T09:00:00Z", keyId: "old" };
    expect(last).toMatchObject({ ...same, dueAt: "2027-01-30T09:00:00Z" });
    expect(planRotation(args, last, now)).toMatchObject(same);
    expect(planRotation(args, last, new Date("2027-01-30T09:00:00Z")).number).toBe(5);
  });
});

test("the client secret in use is the newest if the identity provider got it, otherwise the one before", async () => {
  const [newest, before] = [
    { ...deployed, number: 2 },
    { ...deployed, keyId: "old" },
  ];
  const created = { clientSecret: pulumi.secret("two"), clientSecretKeyId: pulumi.output("new") };
  const inUse = (sent: string) => selectRotationInUse(pulumi.secret(sent), created, newest, before);
  expect(await resolved(inUse("two"))).toEqual({ ...newest, keyId: "new" });
  expect(await resolved(inUse("one"))).toEqual(before);
  expect(await pulumi.isSecret(inUse("two"))).toBe(false);
});

test.each([
  ["nothing before the due date", addDays(-1), []],
  ["that the next is due", now, [/^client secret number 1 has been due for rotation since 2026-11-23T12/]],
  [
    "that it expires",
    addDays(29.5),
    [/has been due/, /^client secret number 1 expires in 1 days, at 2026-12-23T12/],
  ],
  ["that it has expired", addDays(30), [/has been due/, /^client secret number 1 expired at 2026-12-23T12/]],
])("warns of %s", (_case, at, expected) => {
  const last = { ...deployed, dueAt: now.toISOString(), expiresAt: addDays(30).toISOString() };
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
  warnOfRotation(undefined, { alertDays: 14, now: at, identityProvider: "entra" });
  warnOfRotation(last, { alertDays: 14, now: at, identityProvider: "entra" });
  warnOfRotation(last, { alertDays: 14, now: at, identityProvider: "fabrikam" });
  const messages = warn.mock.calls.map(([message]) => message);
  warn.mockRestore();
  expect(messages.slice(0, expected.length)).toEqual(
    expected.map((pattern) => expect.stringMatching(pattern)),
  );
  expect(messages.slice(expected.length)).toEqual(
    messages.slice(0, expected.length).map((message) => `fabrikam: ${message}`),
  );
});
