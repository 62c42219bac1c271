import * as pulumi from "@pulumi/pulumi";
import {
  type DeployedRotation,
  planRotation,
  type RotationArgs,
} from "../../../components/entra/client-secret/rotation";
import { rotationArgs as args, now } from "./rotation-args";

const day = 24 * 60 * 60 * 1000;
const later = (days: number, from = now) => new Date(from.getTime() + days * day);
const days = (from: string | Date, to = now.toISOString()) =>
  (new Date(from).getTime() - new Date(to).getTime()) / day;
const rotate = (
  changes: Partial<RotationArgs> = {},
  last?: DeployedRotation,
  at = now,
): DeployedRotation => ({
  keyId: "key",
  ...planRotation({ ...args, ...changes }, last, at),
});

test("the first client secret has number 1 and lives for half a period to a period, plus the overlap", () => {
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

test("plans the same client secret when a failed up runs again", () => {
  const { startedAt: _, ...first } = rotate({ phaseHours: 1 });
  expect(rotate({ phaseHours: 1 }, undefined, later(1))).toMatchObject(first);
  const last = rotate({ phaseHours: 1 });
  const requested = rotate({ phaseHours: 1, rotation: 2 }, last);
  const { number, displayName, expiresAt } = rotate({ phaseHours: 1, rotation: 2 }, last, later(1));
  expect({ number, displayName, expiresAt }).toEqual({
    number: 2,
    displayName: requested.displayName,
    expiresAt: requested.expiresAt,
  });
});

test("keeps the deployed one until it is due, whatever time, lifetime, description, phase or lower number", () => {
  const last = rotate({ rotation: 5 });
  const before = new Date(Date.parse(last.dueAt) - 1000);
  expect(rotate({ rotation: 5 }, last, before)).toEqual(last);
  const others = { periodDays: 7, graceDays: 1, description: "other", phaseHours: 3, rotation: 1 };
  expect(rotate(others, last, before)).toEqual(last);
  expect(rotate({ rotation: 5 }, last, later(-1))).toEqual(last);
});

test("names the marks of a renamed stack in the next one, whose client secrets carry them", () => {
  const renamed = { mark: "entra-access:entra-access/renamed" };
  const last = rotate();
  expect(rotate(renamed, last)).toEqual(last);
  const next = rotate({ ...renamed, rotation: 2 }, last);
  expect(next).toMatchObject({ displayName: `${renamed.mark}#2 sign-in`, formerMarks: [args.mark] });
  expect(rotate({ ...renamed, rotation: 3, force: 3 }, next).formerMarks).toEqual([args.mark]);
  expect(rotate({ rotation: 3, force: 3 }, next).formerMarks).toEqual([renamed.mark]);
  expect(rotate({ rotation: 2 }, last)).not.toHaveProperty("formerMarks");
});

test("plans the next one, once, with the current settings when it is due", () => {
  const last = rotate();
  const at = new Date(last.dueAt);
  const next = rotate({ description: "other", graceDays: 20 }, last, at);
  expect(next).toMatchObject({ number: 2, displayName: "entra-access:entra-access/test#2 other" });
  expect(next.graceEndsAt).toBe(later(20, at).toISOString().replace(".000", ""));
  expect(days(next.dueAt, last.dueAt)).toBe(90);
  expect(days(next.expiresAt, next.dueAt)).toBe(20);
  expect(rotate({}, next, later(0.5, at))).toEqual(next);
});

test("skips numbers and keeps the phase when an up is late", () => {
  const last = rotate();
  const next = rotate({}, last, later(3 * 90 + 10, new Date(last.dueAt)));
  expect(next.number).toBe(5);
  expect(days(next.dueAt, last.dueAt)).toBe(4 * 90);
});

test("plans a requested number at once, keeps the phase, and never exceeds period and overlap", () => {
  const last = rotate();
  for (let passed = 1; passed < days(last.dueAt); passed += 1) {
    const next = rotate({ rotation: 2 }, last, later(passed));
    expect(next.number).toBe(2);
    expect(days(next.dueAt, last.dueAt) % 45).toBe(0);
    expect(days(next.expiresAt, later(passed).toISOString())).toBeLessThanOrEqual(120);
    expect(days(next.dueAt, later(passed).toISOString())).toBeGreaterThan(45);
  }
});

describe("a second rotation within the overlap", () => {
  const second = () => rotate({ rotation: 2 }, rotate());
  const message =
    /credential.rotation must not be above 2 until 2026-12-23T.* number 2 .* credential.force to 3/;

  test("is refused, unless it is forced or the overlap is over", () => {
    expect(() => rotate({ rotation: 3 }, second(), later(29))).toThrow(message);
    expect(() => rotate({ rotation: 3 }, second(), later(29))).toThrow(pulumi.RunError);
    expect(rotate({ rotation: 3, force: 3 }, second(), later(29)).number).toBe(3);
    expect(rotate({ rotation: 3 }, second(), later(30)).number).toBe(3);
  });

  test("is refused with the force of an earlier rotation", () => {
    expect(() => rotate({ rotation: 3, force: 2 }, second(), later(29))).toThrow(message);
  });
});

describe("compromised client secrets", () => {
  test("are replaced at once, even within an overlap, and do not overlap themselves", () => {
    const second = rotate({ rotation: 2 }, rotate());
    const third = rotate({ rotation: 2, compromised: 2 }, second, later(1));
    expect(third).toMatchObject({ number: 3, graceEndsAt: "2026-11-24T12:34:56Z" });
    expect(rotate({ rotation: 2, compromised: 2 }, third, later(2))).toEqual(third);
  });

  test("that are no longer in use only lose their overlap", () => {
    const second = rotate({ rotation: 2 }, rotate());
    expect(rotate({ rotation: 2, compromised: 1 }, second, later(1))).toEqual({
      ...second,
      graceEndsAt: second.startedAt,
    });
  });
});

test("spreads the rotations of stacks and tenants, unless phaseHours is set", () => {
  const due = (tenant: string) => rotate({ tenantId: tenant }).dueAt;
  const fleet = Array.from({ length: 40 }, (_, i) => due(`6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e${i}`));
  expect(new Set(fleet.map((date) => date.slice(0, 10))).size).toBeGreaterThan(20);
  expect(rotate({ phaseHours: 3 }).dueAt).toBe(rotate({ phaseHours: 3, tenantId: "other" }).dueAt);
  expect(Date.parse(rotate({ phaseHours: 3 }).dueAt) % (45 * day)).toBe((3 / 24) * day);
});
