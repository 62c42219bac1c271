import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { NewStackContext } from "../../../ops/new-stack/context";
import {
  buildStackConfig,
  checkLifetimes,
  formatConfigFile,
  formatSchemaComment,
} from "../../../ops/new-stack/settings";

const root = resolve(__dirname, "../../..");
const answers = {
  stack: "payments",
  teamName: "true",
  accountId: "1".repeat(32),
  tenantId: "6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e01",
  environment: "public",
} as const;
const site = (env: NodeJS.ProcessEnv = {}) => ({ project: "entra-access", env }) as NewStackContext;

test("ids stay text, groups are nested, and what is the default is not there", () => {
  expect(formatConfigFile(buildStackConfig(answers, {}, site()))).toBe(`config:
  entra-access:tenantId: "6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e01"
  entra-access:accountId: "11111111111111111111111111111111"
  entra-access:teamName: "true"
  azuread:tenantId: "6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e01"
`);
  expect(
    formatConfigFile(buildStackConfig(answers, { periodDays: 30, graceDays: undefined }, site())),
  ).toContain("  entra-access:credential:\n    periodDays: 30\n  azuread");
});

test.each([
  ["usgovernment", {}, "usgovernment"],
  ["public", { ARM_ENVIRONMENT: "china" }, "public"],
  ["public", {}, undefined],
] as const)(
  "cloud %s with %j in the environment: azuread:environment is %s",
  (environment, env, expected) => {
    expect(buildStackConfig({ ...answers, environment }, {}, site(env))["azuread:environment"]).toBe(
      expected,
    );
  },
);

test.each([
  [{}, undefined],
  [{ periodDays: 30, graceDays: 10 }, undefined],
  [{ periodDays: 30 }, "graceDays (30 unless set) shorter than periodDays"],
  [{ periodDays: 170 }, "together at most longestDays"],
  [{ longestDays: 731 }, "a whole number from 1 to 730"],
])("lifetimes %j", (lifetimes, problem) => {
  const checking = () => checkLifetimes(lifetimes);
  if (problem) expect(checking).toThrow(problem);
  else expect(checking).not.toThrow();
});

test("the first line names the schema, from wherever the project is", () => {
  const line = (folder: string) => formatSchemaComment(join(root, folder));
  expect(line("")).toBe("# yaml-language-server: $schema=config/stack-file.schema.json\n");
  expect(line("examples/company")).toContain("$schema=../../config/stack-file.schema.json");
  expect(existsSync(join(root, "config/stack-file.schema.json"))).toBe(true);
});
