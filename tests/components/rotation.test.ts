import * as pulumi from "@pulumi/pulumi";
import {
  type DeployedRotation,
  deployedRotation,
  lastOutputs,
  nextRotation,
  type RotationArgs,
  rotationInUse,
  warnOfRotation,
} from "../../components/rotation";
import { lastUpdate, resolved, startProgram, tenantId } from "../support/mocks";

const day = 24 * 60 * 60 * 1000;
const now = new Date("2026-11-23T12:34:56.789Z");
const later = (days: number, from = now) => new Date(from.getTime() + days * day);
const days = (from: string | Date, to = now.toISOString()) =>
  (new Date(from).getTime() - new Date(to).getTime()) / day;
const args: RotationArgs = { periodDays: 90, graceDays: 30, tenantId, description: "sign-in", rotation: 1 };
const rotate = (
  changes: Partial<RotationArgs> = {},
  last?: DeployedRotation,
  at = now,
): DeployedRotation => ({
  keyId: "key",
  ...nextRotation({ ...args, ...changes }, last, at),
});

beforeEach(startProgram);

test("the first secret: number 1, named after the stack, lives for half a period to a period, and the grace", () => {
  const first = rotate();
  expect(first).toMatchObject({
    number: 1,
    displayName: "entra-access:entra-access/test#1 sign-in",
    startedAt: "2026-11-23T12:34:56Z",
    periodDays: 90,
    graceDays: 30,
  });
  expect(first).not.toHaveProperty("graceEndsAt");
  expect(days(first.expiresAt, first.dueAt)).toBe(30);
  expect(days(first.dueAt)).toBeGreaterThan(45);
  expect(days(first.dueAt)).toBeLessThanOrEqual(90);
  for (const date of [first.dueAt, first.expiresAt]) expect(date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00Z$/);
});

test("an up that failed and is run again wants the same secret", () => {
  const { startedAt: _, ...first } = rotate({ phaseHours: 1 });
  expect(rotate({ phaseHours: 1 }, undefined, later(1))).toMatchObject(first);
  const last = rotate({ phaseHours: 1 });
  const asked = rotate({ phaseHours: 1, rotation: 2 }, last);
  const { number, displayName, expiresAt } = rotate({ phaseHours: 1, rotation: 2 }, last, later(1));
  expect({ number, displayName, expiresAt }).toEqual({
    number: 2,
    displayName: asked.displayName,
    expiresAt: asked.expiresAt,
  });
});

test("until it is due, nothing changes it: not time, lifetime, description, phase or a lower number", () => {
  const last = rotate({ rotation: 5 });
  const before = new Date(Date.parse(last.dueAt) - 1000);
  expect(rotate({ rotation: 5 }, last, before)).toEqual(last);
  const others = { periodDays: 7, graceDays: 1, description: "other", phaseHours: 3, rotation: 1 };
  expect(rotate(others, last, before)).toEqual(last);
  expect(rotate({ rotation: 5 }, last, later(-1))).toEqual(last);
});

test("when it is due the next comes, once, with the settings of now", () => {
  const last = rotate();
  const at = new Date(last.dueAt);
  const next = rotate({ description: "other", graceDays: 20 }, last, at);
  expect(next).toMatchObject({ number: 2, displayName: "entra-access:entra-access/test#2 other" });
  expect(next.graceEndsAt).toBe(later(20, at).toISOString().replace(".000", ""));
  expect(days(next.dueAt, last.dueAt)).toBe(90);
  expect(days(next.expiresAt, next.dueAt)).toBe(20);
  expect(rotate({}, next, later(0.5, at))).toEqual(next);
});

test("an up that comes late skips numbers and keeps to the phase", () => {
  const last = rotate();
  const next = rotate({}, last, later(3 * 90 + 10, new Date(last.dueAt)));
  expect(next.number).toBe(5);
  expect(days(next.dueAt, last.dueAt)).toBe(4 * 90);
});

test("a number asked for comes at once and keeps to the phase; none outlives period and grace", () => {
  const last = rotate();
  for (let passed = 1; passed < days(last.dueAt); passed += 1) {
    const next = rotate({ rotation: 2 }, last, later(passed));
    expect(next.number).toBe(2);
    expect(days(next.dueAt, last.dueAt) % 45).toBe(0);
    expect(days(next.expiresAt, later(passed).toISOString())).toBeLessThanOrEqual(120);
    expect(days(next.dueAt, later(passed).toISOString())).toBeGreaterThan(45);
  }
});

describe("a second rotation within the grace", () => {
  const second = () => rotate({ rotation: 2 }, rotate());
  const message =
    /credential.rotation asks for another .* number 2 .* until 2026-12-23T.* credential.force to 3/;

  test("is refused, and comes with force or when the grace is over", () => {
    expect(() => rotate({ rotation: 3 }, second(), later(29))).toThrow(message);
    expect(() => rotate({ rotation: 3 }, second(), later(29))).toThrow(pulumi.RunError);
    expect(rotate({ rotation: 3, force: 3 }, second(), later(29)).number).toBe(3);
    expect(rotate({ rotation: 3 }, second(), later(30)).number).toBe(3);
  });

  test("is refused with the force of an earlier one", () => {
    expect(() => rotate({ rotation: 3, force: 2 }, second(), later(29))).toThrow(message);
  });
});

describe("compromised secrets", () => {
  test("are replaced at once, within a grace too, and have none themselves", () => {
    const second = rotate({ rotation: 2 }, rotate());
    const third = rotate({ rotation: 2, compromised: 2 }, second, later(1));
    expect(third).toMatchObject({ number: 3, graceEndsAt: "2026-11-24T12:34:56Z" });
    expect(rotate({ rotation: 2, compromised: 2 }, third, later(2))).toEqual(third);
  });

  test("that are not in use any more lose their grace alone", () => {
    const second = rotate({ rotation: 2 }, rotate());
    expect(rotate({ rotation: 2, compromised: 1 }, second, later(1))).toEqual({
      ...second,
      graceEndsAt: second.startedAt,
    });
  });
});

test("stacks and tenants rotate at times of their own, unless they are told", () => {
  const due = (tenant: string) => rotate({ tenantId: tenant }).dueAt;
  const fleet = Array.from({ length: 40 }, (_, i) => due(`6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e${i}`));
  expect(new Set(fleet.map((date) => date.slice(0, 10))).size).toBeGreaterThan(20);
  expect(rotate({ phaseHours: 3 }).dueAt).toBe(rotate({ phaseHours: 3, tenantId: "other" }).dueAt);
  expect(Date.parse(rotate({ phaseHours: 3 }).dueAt) % (45 * day)).toBe((3 / 24) * day);
});

describe("what the last update left", () => {
  test("is nothing before the first, its output after", async () => {
    expect(deployedRotation(args, (await lastOutputs())("entra"))).toBeUndefined();
    lastUpdate.rotation = rotate();
    lastUpdate.identityProviders = { fabrikam: { rotation: rotate({ rotation: 7 }) } };
    const last = await lastOutputs();
    expect(deployedRotation(args, last("entra"))).toEqual(rotate());
    expect(deployedRotation(args, last("fabrikam"))).toMatchObject({ number: 7 });
    expect(deployedRotation(args, last("another"))).toBeUndefined();
  });

  test("of release 0.1.0 goes on as it is, until its grace begins", async () => {
    lastUpdate.credential = { rotation: 4, expires: "2027-03-01T09:00:00Z", keyId: "old" };
    const last = deployedRotation(args, (await lastOutputs())("entra"));
    const same = { number: 4, displayName: "sign-in", expiresAt: "2027-03-01T09:00:00Z", keyId: "old" };
    expect(last).toMatchObject({ ...same, dueAt: "2027-01-30T09:00:00Z" });
    expect(rotate({}, last)).toMatchObject(same);
    expect(rotate({}, last, new Date("2027-01-30T09:00:00Z")).number).toBe(5);
  });
});

test("in use is the newest secret if the identity provider got it, else the one before", async () => {
  const [newest, before] = [rotate({ rotation: 2 }, rotate()), { ...rotate(), keyId: "old" }];
  const made = { clientSecret: pulumi.secret("two"), credentialKeyId: pulumi.output("new") };
  const inUse = (has: string) => rotationInUse(pulumi.secret(has), made, newest, before);
  expect(await resolved(inUse("two"))).toEqual({ ...newest, keyId: "new" });
  expect(await resolved(inUse("one"))).toEqual(before);
  expect(await pulumi.isSecret(inUse("two"))).toBe(false);
});

test.each([
  ["nothing before the due date", later(-1), []],
  ["that the next is due", now, [/^client secret number 1 is due for rotation since 2026-11-23T12/]],
  ["that it expires", later(29.5), [/is due/, /^client secret number 1 expires in 1 days, at 2026-12-23T12/]],
  ["that it has expired", later(30), [/is due/, /^client secret number 1 has expired: since 2026-12-23T12/]],
])("warns of %s", (_case, at, expected) => {
  const last = { ...rotate(), dueAt: now.toISOString(), expiresAt: later(30).toISOString() };
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
  warnOfRotation(undefined, { alertDays: 14, now: at });
  warnOfRotation(last, { alertDays: 14, now: at });
  warnOfRotation(last, { alertDays: 14, now: at, of: "fabrikam" });
  const said = warn.mock.calls.map(([message]) => message);
  warn.mockRestore();
  expect(said.slice(0, expected.length)).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  expect(said.slice(expected.length)).toEqual(
    said.slice(0, expected.length).map((message) => `fabrikam: ${message}`),
  );
});
