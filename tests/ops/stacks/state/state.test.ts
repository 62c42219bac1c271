import { readOutputs, replaceSecretOutput } from "../../../../ops/stacks/state/state";

const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});
const state = (...resources: object[]) => ({ version: 3, deployment: { resources } });
const stack = (outputs?: object) => ({ type: "pulumi:pulumi:Stack", ...(outputs && { outputs }) });

test("reads the stack's outputs in clear text, marked if they contain a secret", () => {
  const outputs = {
    testUrl: "https://contoso.example",
    none: null,
    password: secret("a"),
    list: [{ of: secret({ b: 1 }) }],
  };
  expect(readOutputs(state({ type: "a:b:C", outputs: { other: 1 } }, stack(outputs)))).toEqual({
    testUrl: { value: "https://contoso.example", secret: false },
    none: { value: null, secret: false },
    password: { value: "a", secret: true },
    list: { value: [{ of: { b: 1 } }], secret: true },
  });
});

test.each([
  ["a stack that was never updated", { version: 3, deployment: undefined }],
  ["one without resources", state()],
  ["one whose run never came to its outputs", state(stack())],
])("%s has none", (_, given) => {
  expect(readOutputs(given)).toEqual({});
});

describe("replaceSecretOutput", () => {
  const replaced = { urn: "u", type: "a:b:C", delete: true, outputs: { scim: { secret: secret("older") } } };
  const resource = { urn: "u", type: "a:b:C", outputs: { scim: { enabled: true, secret: secret("old") } } };
  const given = state(replaced, resource);
  const path = ["scim", "secret"];

  it("marks the new value as a secret, and leaves the state that it was given", () => {
    const { deployment } = replaceSecretOutput(given, "u", path, "new");
    expect(deployment.resources).toEqual([
      replaced,
      { ...resource, outputs: { scim: { enabled: true, secret: secret("new") } } },
    ]);
    expect(given.deployment.resources[1]).toBe(resource);
    expect(resource.outputs.scim.secret).toEqual(secret("old"));
  });

  it("removes the output when there is no value", () => {
    const { deployment } = replaceSecretOutput(given, "u", path, undefined);
    expect(deployment.resources[1].outputs).toEqual({ scim: { enabled: true } });
  });

  it.each([
    ["no such resource", "other", path],
    ["no such output", "u", ["other", "secret"]],
    ["an output that is a secret as a whole", "u", ["scim", "secret", "member"]],
  ])("refuses %s", (_case, urn, at) => {
    expect(() => replaceSecretOutput(given, urn, at, "new")).toThrow(
      `${urn} has no readable output ${at.join(".")}`,
    );
  });
});
