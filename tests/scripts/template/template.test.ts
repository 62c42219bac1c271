import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
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
  it("becomes a project of the user's name that holds the stack, its commands and the pages about them", () => {
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
        "docs",
        "index.ts",
        "node_modules",
        "ops",
        "package-lock.json",
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

  it("has every file that its modules load, except the commands that need the twin", () => {
    const missing = listFiles(template)
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) =>
        [...readProject(file).matchAll(/(?:^import|^\}.* from| from|require\() ?"(\.[^"]+)"/gm)]
          .map(([, target = ""]) => target)
          .filter((target) => {
            const path = join(project, file, "..", target);
            return !["", ".ts", "/index.ts"].some((end) => existsSync(path + end));
          })
          .map((target) => `${file} ${target}`),
      );
    expect(missing).toEqual(["ops/cli.ts ./commands/local", "ops/cli.ts ./commands/twin"]);
  });

  it("has every page that its pages link to", () => {
    const links = listFiles(template)
      .filter((file) => file.endsWith(".md"))
      .flatMap((page) =>
        [...readProject(page).matchAll(/\]\(([^):#]+)(?:#[^)]*)?\)/g)].map(([, target = ""]) =>
          join(project, page, "..", target),
        ),
      );
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter((path) => !existsSync(path))).toEqual([]);
    expect(readProject("docs/access.md")).not.toMatch(/decisions\/|on the twin\]|## On the twin/);
    expect(readProject("docs/access.md")).toContain("## ");
    expect(readProject("docs/commands/README.md")).toContain("`rotate`");
    expect(readProject("docs/commands/README.md")).not.toMatch(/`local`|`twin`/);
  });

  it("locks the packages of this repository, without those for development", () => {
    const { name, dependencies, devDependencies } = JSON.parse(readProject("package.json"));
    const lockfile = JSON.parse(readProject("package-lock.json"));
    const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
    expect(lockfile.packages[""]).toMatchObject({ name, dependencies, devDependencies });
    for (const direct of Object.keys({ ...dependencies, ...devDependencies }))
      expect(lockfile.packages[`node_modules/${direct}`]).toEqual(packages[`node_modules/${direct}`]);
    expect(lockfile.packages).not.toHaveProperty("node_modules/jest");
  });

  it("writes into no folder that has files", () => {
    expect(() => writeTemplate(project)).toThrow(`${project} must be empty`);
  });
});

describe("a project of the template", () => {
  it("has the commands, except those that need the twin", () => {
    const help = ["ops/entra-access.mjs", "--help"];
    const { stdout } = spawnSync(process.execPath, help, { cwd: project, encoding: "utf8" });
    expect(stdout).toMatch(/^usage: npx entra-access <command>/);
    expect(stdout).toMatch(/^ {2}rotate /m);
    expect(stdout).not.toMatch(/twin/);
  });
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
