import {
  type ClientSecret,
  checkClientSecrets,
  findObsoleteClientSecrets,
  listStackMarks,
  parseRotationNumber,
} from "../../../ops/recovery/client-secrets/client-secrets";
import type { RotationOutput, TenantState } from "../../../ops/recovery/tenant-state";
import type { StateResource } from "../../../ops/stacks/state/state";

const mark = "entra-access:entra-access/test";
const now = new Date("2027-01-01T00:00:00Z");
const later = "2027-06-01T00:00:00Z";

/** Builds a client secret of a rotation. */
const credential = (keyId: string, number: number | undefined, expires = later): ClientSecret => ({
  keyId,
  displayName: number === undefined ? "by hand" : `${mark}#${number} cloudflare-access`,
  hint: "abc",
  created: "2026-11-01T00:00:00Z",
  expires,
  rotation: number,
});

/** Builds a state with these key ids and rotation numbers, the newest first. */
const holding = (...held: [key: string, number: number][]): TenantState => ({
  signIn: "entra",
  resources: new Map(),
  conditionalAccessConsent: undefined,
  provisioning: undefined,
  pendingCreates: [],
  deployed: undefined,
  clientSecrets: held.map(([keyId, number], index): StateResource => {
    const outputs = { keyId, displayName: `${mark}#${number} cloudflare-access` };
    return { urn: "", type: "", outputs, ...(index > 0 && { delete: true }) };
  }),
});

const inUse = (keyId: string, graceEndsAt?: string): RotationOutput => ({
  number: 3,
  keyId,
  expiresAt: later,
  dueAt: later,
  ...(graceEndsAt && { graceEndsAt }),
});

test.each([
  [`${mark}#12 cloudflare-access`, 12],
  [`${mark}#12`, 12],
  [`${mark}#12a`, undefined],
  [`${mark}#`, undefined],
  [`${mark}2#1 x`, undefined],
  ["cloudflare-access", undefined],
])("the number in %j is %s", (displayName, number) => {
  expect(parseRotationNumber(displayName, [mark])).toBe(number);
});

describe("after the stack was renamed", () => {
  const former = "entra-access:entra-access/before";
  const renamed = { ...inUse("c"), displayName: `${mark}#3 sign-in`, formerMarks: [former] };

  it("knows the marks of the deployed client secret and of those before it", () => {
    expect(listStackMarks(mark, { deployed: undefined })).toEqual([mark]);
    expect(listStackMarks(mark, { deployed: inUse("c") })).toEqual([mark]);
    expect(listStackMarks(mark, { deployed: { ...inUse("c"), displayName: `${former}#3 sign-in` } })).toEqual(
      [mark, former],
    );
    expect(listStackMarks(mark, { deployed: renamed })).toEqual([mark, former]);
    expect(listStackMarks(mark, { deployed: { ...inUse("c"), displayName: "of release 0.1.0" } })).toEqual([
      mark,
    ]);
  });

  it("takes a client secret in the state for one of the stack although it carries the mark before", () => {
    const state = { ...holding(), deployed: { ...inUse("c"), displayName: `${former}#3 sign-in` } };
    const outputs = { keyId: "c", displayName: `${former}#3 sign-in` };
    const held = { ...state, clientSecrets: [{ urn: "", type: "", outputs }] };
    const all = [credential("b", 2), credential("c", 3), credential("x", 4)];
    const found = findObsoleteClientSecrets({ all, state: held, mark, deployed: inUse("c"), now });
    expect(found.map(({ keyId, reason }) => `${keyId} ${reason}`)).toEqual(["x orphaned"]);
  });
});

const [a, b, c] = [credential("a", 1), credential("b", 2), credential("c", 3)];
test.each<[string, ClientSecret[], TenantState, RotationOutput | undefined, string[]]>([
  ["the one in the state stays", [c], holding(["c", 3]), inUse("c"), []],
  ["one that is replaced and not gone yet stays", [b], holding(["c", 3], ["b", 2]), inUse("b"), []],
  ["one that was replaced stays", [b], holding(["c", 3]), inUse("c"), []],
  [
    "one that was replaced stays until its overlap ends",
    [b],
    holding(["c", 3]),
    inUse("c", "2027-01-01T00:00:01Z"),
    [],
  ],
  [
    "those that were replaced go when the grace ends",
    [a, b, c],
    holding(["c", 3]),
    inUse("c", "2027-01-01T00:00:00Z"),
    ["a overlap ended", "b overlap ended"],
  ],
  [
    "no grace ends while Cloudflare has another than the newest",
    [a],
    holding(["c", 3], ["b", 2]),
    inUse("b", "2027-01-01T00:00:00Z"),
    [],
  ],
  [
    "a second one of the state's number is nobody's",
    [credential("x", 3), c],
    holding(["c", 3]),
    inUse("c"),
    ["x orphaned"],
  ],
  ["nor is one that no state reached", [credential("x", 4)], holding(["c", 3]), inUse("c"), ["x orphaned"]],
  ["nor is any, where the state has none", [credential("x", 1)], holding(), undefined, ["x orphaned"]],
  [
    "what has expired goes",
    [credential("b", 2, "2027-01-01T00:00:00Z")],
    holding(["c", 3]),
    inUse("c"),
    ["b expired"],
  ],
  [
    "what people added is not touched, expired or not",
    [credential("h", undefined, "2020-01-01T00:00:00Z")],
    holding(["c", 3]),
    inUse("c", "2026-12-01T00:00:00Z"),
    [],
  ],
])("%s", (_rule, all, state, deployed, gone) => {
  const found = findObsoleteClientSecrets({ all, state, mark, deployed, now });
  expect(found.map(({ keyId, reason }) => `${keyId} ${reason}`)).toEqual(gone);
});

test("reports client secrets that are missing, added by hand, orphaned or expiring soon", () => {
  const state = holding(["c", 3]);
  const find = (all: ClientSecret[], soonDays?: number) =>
    checkClientSecrets({ all, state, mark, deployed: inUse("c"), now }, soonDays).map(
      ({ kind, keyId }) => `${keyId} ${kind}`,
    );
  expect(find([c])).toEqual([]);
  expect(find([credential("h", undefined), credential("x", 4)])).toEqual([
    "c missing",
    "h added by hand",
    "x orphaned",
  ]);
  expect(find([credential("c", 3, "2027-01-14T23:59:59Z")])).toEqual(["c expiring"]);
  expect(find([credential("c", 3, "2027-01-15T00:00:00Z")])).toEqual([]);
  expect(find([credential("c", 3, "2027-01-15T00:00:00Z")], 20)).toEqual(["c expiring"]);
});
