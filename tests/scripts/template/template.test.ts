import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { writeTemplate } from "../../../scripts/template/template";
import { type EngineFixture, engineTimeout, startEngineFixture } from "../../support/engine-fixture";

const root = join(__dirname, "../../..");

jest.setTimeout(engineTimeout);
let folder: string;
let template: string;
let project: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "template-test-"));
  template = join(folder, "template");
  project = join(folder, "payments-sign-in");
  writeTemplate(template);
  // As `pulumi new` does, which needs the language host of Node.js beside the engine.
  cpSync(template, project, { recursive: true });
  const values = { PROJECT: "payments-sign-in", DESCRIPTION: "Sign-in of the payments team" };
  for (const file of listFiles(project)) {
    const text = readFileSync(join(project, file), "utf8");
    const substituted = Object.entries(values).reduce(
      (part, [name, value]) => part.replaceAll(`\${${name}}`, value),
      text,
    );
    if (substituted !== text) writeFileSync(join(project, file), substituted);
  }
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const listFiles = (from: string) =>
  readdirSync(from, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(from, join(entry.parentPath, entry.name)));
const readProject = (file: string) => readFileSync(join(project, file), "utf8");

describe("the template", () => {
  it("becomes a project of the user's name that holds the stack alone", () => {
    expect(readProject("Pulumi.yaml")).toMatch(
      /^name: payments-sign-in\ndescription: Sign-in of the payments team\n/,
    );
    expect(readdirSync(project).sort()).toEqual(
      [
        ".gitignore",
        "LICENSE",
        "Pulumi.yaml",
        "README.md",
        "client-secret-only.ts",
        "clouds",
        "components",
        "config",
        "config.ts",
        "index.ts",
        "node_modules",
        "package.json",
        "policy",
        "tsconfig.json",
      ].sort(),
    );
  });

  it("describes settings by the user's name of the project", () => {
    const { properties } = JSON.parse(readProject("config/stack-file.schema.json"));
    expect(Object.keys(properties.config.properties)).toContain("payments-sign-in:teamName");
  });

  it("names every package that its files import, at the version of this repository", () => {
    const files = listFiles(template).filter((file) => file.endsWith(".ts"));
    const imported = files.flatMap((file) =>
      [...readProject(file).matchAll(/^(?:import|\}).* from "(@[^/"]+\/[^/"]+|[^./"][^/"]*)/gm)].map(
        ([, name = ""]) => name,
      ),
    );
    const packages = new Set(
      imported.filter((name) => !name.startsWith("node:") && !builtinModules.includes(name)),
    );
    const { dependencies } = JSON.parse(readProject("package.json"));
    const { dependencies: ours } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(dependencies).toMatchObject(Object.fromEntries([...packages].map((name) => [name, ours[name]])));
    expect(packages.size).toBeGreaterThan(6);
  });

  it("writes into no folder that has files", () => {
    expect(() => writeTemplate(project)).toThrow(`${project} must be empty`);
  });
});

describe("a project of the template", () => {
  let fixture: EngineFixture;
  beforeAll(async () => {
    fixture = await startEngineFixture();
  });
  afterAll(() => fixture.close());

  it("deploys, and its second preview is empty", async () => {
    const { default: program } = await import(join(project, "index.ts"));
    const config = Object.fromEntries(
      Object.entries(await (await fixture.stack()).config()).map(([key, value]) => [
        key.replace("entra-access:", "payments-sign-in:"),
        value,
      ]),
    );
    const stack = await fixture.stack({
      projectFolder: project,
      config,
      index: program,
    });
    await stack.up();
    expect((await stack.preview()).changes).toEqual([]);
    expect((await stack.outputs()).testUrl?.value).toMatch(/^https:\/\/contoso\./);
  });
});
