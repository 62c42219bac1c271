import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import { collectChanges, describeChanges } from "../../../../ops/stacks/run/changes";

// Colors depend on the environment of the tests.
jest.mock("picocolors", () => ({
  createColors: () => jest.requireActual("picocolors").createColors(false),
}));

const TYPE = "azuread:index/application:Application";

function step(over: Record<string, unknown>): EngineEvent {
  const metadata = {
    op: "update",
    type: TYPE,
    urn: `urn:pulumi:dev::p::${TYPE}::app`,
    provider: "",
    ...over,
  };
  const custom = over.custom ?? true;
  return {
    sequence: 0,
    timestamp: 0,
    resourcePreEvent: {
      metadata: {
        ...metadata,
        old: {
          custom,
          inputs: { web: { redirectUris: ["right"] } },
          outputs: { web: { redirectUris: ["wrong"] } },
        },
        new: { custom, inputs: { web: { redirectUris: ["right"] }, config: { clientSecret: "s3cret" } } },
        ...over,
      } as unknown as StepEventMetadata,
    },
  };
}

test("reports a changed property with its actual and expected value", () => {
  const [change] = collectChanges([
    step({ detailedDiff: { "web.redirectUris[0]": { diffKind: "update" } } }),
  ]);
  expect(change).toEqual({
    op: "update",
    type: TYPE,
    urn: `urn:pulumi:dev::p::${TYPE}::app`,
    name: "app",
    properties: [{ path: "web.redirectUris[0]", from: '"wrong"', to: '"right"' }],
  });
});

test("leaves out what the provider computes anew, unless nothing else differs", () => {
  const computed = { version: { diffKind: "update" }, deletedAt: { diffKind: "add" } };
  const list = (detailedDiff: object) =>
    collectChanges([step({ detailedDiff })])[0]?.properties.map(({ path }) => path);
  const removed = { logoUrl: { diffKind: "delete" } };
  expect(list({ ...computed, "web.redirectUris[0]": { diffKind: "update" }, ...removed })).toEqual([
    "web.redirectUris[0]",
    "logoUrl",
  ]);
  expect(list(computed)).toEqual(["version", "deletedAt"]);
});

test("lists the changed keys without a detailed diff", () => {
  expect(collectChanges([step({ diffs: ["tags"] })])[0]?.properties).toEqual([{ path: "tags" }]);
});

test("never shows secrets", () => {
  const changes = collectChanges([step({ detailedDiff: { "config.clientSecret": { diffKind: "add" } } })]);
  expect(describeChanges(changes).join("\n")).toContain('config.clientSecret: (none) -> "[secret]"');
});

const SECRET = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "[secret]",
};
/** Builds a step of a provider that reports only the block. */
const block = (before: object, wanted: object, asked = before) => {
  const old = { custom: true, inputs: { config: asked }, outputs: { config: before } };
  const [change] = collectChanges([
    step({ diffs: ["config"], old, new: { custom: true, inputs: { config: wanted } } }),
  ]);
  return change?.properties;
};

test.each<[string, ReturnType<typeof block>, object[]]>([
  [
    "the setting that differs is named; secrets that look the same and what nobody asked for are not",
    block(
      { clientSecret: SECRET, supportGroups: false, redirectUrl: "x" },
      { clientSecret: SECRET, supportGroups: true },
      { clientSecret: SECRET, supportGroups: false },
    ),
    [{ path: "config.supportGroups", from: "false", to: "true" }],
  ],
  ["blocks in blocks", block({ a: { b: 1 } }, { a: { b: 2 } }), [{ path: "config.a.b", from: "1", to: "2" }]],
  ["a setting that goes", block({ a: 1, b: 2 }, { a: 1 }), [{ path: "config.b", from: "2" }]],
  [
    "nothing visible differs: the secrets do",
    block({ a: 1, s: SECRET, b: { t: SECRET } }, { a: 1, s: SECRET, b: { t: SECRET } }),
    ["config.s", "config.b.t"].map((path) => ({ path, from: '"[secret]"', to: '"[secret]"' })),
  ],
  ["nothing differs at all", block({ a: 1 }, { a: 1 }), [{ path: "config" }]],
  [
    "a secret that is not known yet",
    block({ s: SECRET }, { s: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }),
    [{ path: "config.s", from: '"[secret]"', to: '"(known after up)"' }],
  ],
])("a whole block: %s", (_name, found, expected) => expect(found).toEqual(expected));

test("a block in which only what the provider computes is new is left out beside what differs", () => {
  const scimConfig = { enabled: true };
  const old = {
    inputs: { scimConfig, name: "a" },
    outputs: { scimConfig: { ...scimConfig, baseUrl: "x" }, name: "b" },
  };
  const [change] = collectChanges([
    step({
      diffs: ["scimConfig", "name"],
      old: { custom: true, ...old },
      new: { custom: true, inputs: old.inputs },
    }),
  ]);
  expect(change?.properties).toEqual([{ path: "name", from: '"b"', to: '"a"' }]);
});

test.each([
  ["same", {}],
  ["read", {}],
  ["refresh", {}],
  ["update", { type: "pulumi:pulumi:Stack" }],
  ["create", { type: "pulumi:providers:azuread" }],
  ["create", { custom: false }],
])("%s %j is no change", (op, over) => expect(collectChanges([step({ op, ...over })])).toEqual([]));

test("describes a created resource without its properties, others with them", () => {
  const changes = collectChanges([
    step({ op: "create", diffs: ["displayName"] }),
    step({ detailedDiff: { "web.redirectUris[0]": { diffKind: "update" } } }),
  ]);
  expect(describeChanges(changes)).toEqual([
    "+ create  azuread Application app",
    "~ update  azuread Application app",
    '      web.redirectUris[0]: "wrong" -> "right"',
  ]);
  expect(describeChanges([])).toEqual(["no changes"]);
});

test("describes a replaced resource once, with its properties", () => {
  const urn = `urn:pulumi:dev::p::${TYPE}::other`;
  const changes = collectChanges([
    step({ op: "create-replacement" }),
    step({ op: "replace", detailedDiff: { "web.redirectUris[0]": { diffKind: "update-replace" } } }),
    step({ op: "delete-replaced" }),
    // An earlier run did not get as far as to remove it.
    step({ op: "delete-replaced", urn }),
  ]);
  expect(describeChanges(changes)).toEqual([
    "± replace azuread Application app",
    '      web.redirectUris[0]: "wrong" -> "right"',
    "- replace azuread Application other",
  ]);
});
