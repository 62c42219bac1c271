import { readOutputs } from "../../../../ops/stacks/state/state";

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
