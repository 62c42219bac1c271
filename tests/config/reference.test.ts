import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as z from "zod";
import { buildReference } from "../../scripts/reference/reference";
import {
  buildStackFileSchema,
  describeSettings,
  getGroup,
  type JsonSchema,
} from "../../scripts/reference/schema";
import { updateTables } from "../../scripts/reference/tables";

const { safeLoad } = require("js-yaml") as { safeLoad(text: string): unknown };
const root = resolve(__dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

test.each([...buildReference(read)])("%s is as `npm run reference` writes it", (file, content) => {
  expect(read(file)).toBe(content);
});

describe("the schema for editors", () => {
  const schema = z.fromJSONSchema(buildStackFileSchema("entra-access") as z.core.JSONSchema.JSONSchema);
  const accepts = (config: object) => schema.safeParse({ config }).success;

  test.each([
    "Pulumi.dev.yaml",
    "examples/company/Pulumi.contoso.yaml",
    "examples/company/Pulumi.fabrikam.yaml",
  ])("accepts %s, which names it in the first line", (file) => {
    expect(schema.safeParse(safeLoad(read(file))).error).toBeUndefined();
    const [, named = ""] = /^# yaml-language-server: \$schema=(.*)\n/.exec(read(file)) ?? [];
    expect(resolve(root, file, "..", named)).toBe(join(root, "config/stack-file.schema.json"));
  });

  const destination = { range: "servers", ports: 5432 };
  const provider = { id: "x", clientSecret: { secure: "v1:x" } };
  test.each([
    ["an encrypted setting", { "entra-access:teamName": { secure: "v1:x" } }, true],
    ["an encrypted client secret", { "entra-access:access": { identityProviders: { b: provider } } }, true],
    ["an id in capital letters", { "entra-access:tenantId": "6F1C2A4E-0D11-4A8E-9C55-3B1D5F0A7E01" }, true],
    ["settings of providers", { "azuread:tenantId": "x", "cloudflare:baseUrl": "x" }, true],
    [
      "a number for ports",
      { "entra-access:access": { applications: { db: { destinations: [destination] } } } },
      true,
    ],
    ["an unknown setting", { "entra-access:teamNames": "contoso" }, false],
    ["an unknown setting in a group", { "entra-access:credential": { days: 3 } }, false],
    ["a text for a number", { "entra-access:credential": { periodDays: "ninety" } }, false],
    ["a number out of range", { "entra-access:credential": { periodDays: 731 } }, false],
    ["an id of digits without quotes", { "entra-access:accountId": 11111111111111 }, false],
    ["a value that is not listed", { "entra-access:identityProvider": { prompt: "always" } }, false],
  ])("%s", (_what, config, expected) => {
    expect(accepts(config)).toBe(expected);
  });

  test("describes every setting", () => {
    const undescribed: string[] = [];
    const visit = (setting: JsonSchema, path: string) => {
      const { properties } = getGroup(setting);
      if (!properties && !setting.description) undescribed.push(path);
      for (const [name, inner] of Object.entries(properties ?? {})) visit(inner, `${path}.${name}`);
    };
    visit(describeSettings(), "");
    expect(undescribed).toEqual([]);
  });
});

test("a marker for settings that do not exist is refused", () => {
  expect(() => updateTables("<!-- settings: access.group -->\n\n")).toThrow(
    "there is no setting access.group",
  );
});
