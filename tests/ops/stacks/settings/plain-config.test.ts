import type { ProjectSettings } from "@pulumi/pulumi/automation";
import { readPlainConfig } from "../../../../ops/stacks/settings/plain-config";

const { load } = require("js-yaml");

const PROJECT: ProjectSettings = { name: "payments", runtime: "nodejs" };
const read = (config: string, project: object = {}) =>
  readPlainConfig({ ...PROJECT, ...project }, { config: load(config) });

// The expected values are those of `pulumi config --show-secrets --json` of engine 3.232.0.
test("reads every value as text by full key", () => {
  const config = `
    payments:tenantId: abc
    team: x
    azuread:useOidc: yes
    payments:protect: false
    payments:number: 5
    payments:access: {a: 1, b: [x, true], c: "1:30"}
  `;
  expect(read(config)).toEqual({
    "payments:tenantId": "abc",
    "payments:team": "x",
    "azuread:useOidc": "yes",
    "payments:protect": "false",
    "payments:number": "5",
    "payments:access": `{"a":1,"b":["x",true],"c":"1:30"}`,
  });
});

test("adds the defaults of Pulumi.yaml", () => {
  const config = {
    tenantId: { type: "string", default: "" },
    access: { default: {} },
    team: { default: "t" },
  };
  expect(read("payments:team: own", { config })).toEqual({
    "payments:tenantId": "",
    "payments:access": "{}",
    "payments:team": "own",
  });
  expect(readPlainConfig({ ...PROJECT, config } as never, {})?.["payments:team"]).toBe("t");
});

test.each([
  ["a secret", "cloudflare:apiToken: {secure: v1:abc}"],
  ["a secret in a group", "payments:access: {a: [{secure: v1:abc}]}"],
  ["a date", "payments:team: 2026-01-01"],
  ["nothing", "payments:team:"],
  ["a number that loses digits", "payments:accountId: 12345678901234567890123456789012"],
  ["a fraction", "payments:team: 1.50"],
  ["the former form of a key", "payments:config:team: x"],
])("leaves %s to the engine", (_what, config) => {
  expect(read(config)).toBeUndefined();
});

test.each([
  ["a value for all stacks", { config: { "azuread:environment": { value: "china" } } }],
  ["a value for all stacks without a group", { config: { "azuread:environment": "china" } }],
  ["a required value that is missing", { config: { tenantId: { type: "string" } } }],
  ["a value that must be a secret", { config: { tenantId: { secret: true, default: "x" } } }],
  ["settings in another folder", { stackConfigDir: "stacks" }],
  ["settings in another folder, as they were called before", { config: "stacks" }],
])("leaves to the engine what Pulumi.yaml says of %s", (_what, project) => {
  expect(read("payments:team: x", project)).toBeUndefined();
});

test("leaves environments of Pulumi ESC to the engine", () => {
  expect(readPlainConfig(PROJECT, { environment: ["prod"], config: {} } as never)).toBeUndefined();
});
