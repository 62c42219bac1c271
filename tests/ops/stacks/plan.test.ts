import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import { changesIn, describeChanges } from "../../../ops/stacks/plan";

// Colours depend on where the tests run.
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

test("a changed property comes with what the cloud has and what the program wants", () => {
  const [change] = changesIn([step({ detailedDiff: { "web.redirectUris[0]": { diffKind: "update" } } })]);
  expect(change).toEqual({
    op: "update",
    type: TYPE,
    urn: `urn:pulumi:dev::p::${TYPE}::app`,
    name: "app",
    properties: [{ path: "web.redirectUris[0]", from: '"wrong"', to: '"right"' }],
  });
});

test("without a detailed diff the changed keys are named", () => {
  expect(changesIn([step({ diffs: ["tags"] })])[0]?.properties).toEqual([{ path: "tags" }]);
});

test("secrets are never shown", () => {
  const changes = changesIn([step({ detailedDiff: { "config.clientSecret": { diffKind: "add" } } })]);
  expect(describeChanges(changes).join("\n")).toContain('config.clientSecret: (none) -> "[secret]"');
});

test.each([
  ["same", {}],
  ["read", {}],
  ["refresh", {}],
  ["update", { type: "pulumi:pulumi:Stack" }],
  ["create", { type: "pulumi:providers:azuread" }],
  ["create", { custom: false }],
])("%s %j is no change", (op, over) => expect(changesIn([step({ op, ...over })])).toEqual([]));

test("the plan for people: a created resource without its properties, others with them", () => {
  const changes = changesIn([
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
