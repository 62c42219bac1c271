import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../ops/errors";
import { buildStackFileSchema } from "../reference/schema";

const ROOT = join(__dirname, "../..");
/** The files that a deployment needs, as README lists them, with the policy pack and the license. */
const FILES = [
  "index.ts",
  "client-secret-only.ts",
  "config.ts",
  "config",
  "components",
  "clouds",
  "policy",
  "LICENSE",
];
/** Packages that they import, and those with which Pulumi runs TypeScript. */
const PACKAGES = [
  "@pulumi/azuread",
  "@pulumi/cloudflare",
  "@pulumi/policy",
  "@pulumi/pulumi",
  "@pulumi/random",
  "@swc/core",
  "fastest-levenshtein",
  "ipaddr.js",
  "ts-node",
  "typescript",
  "undici",
  "zod",
];

/**
 * Writes a project with which `pulumi new <folder>` creates another that deploys.
 *
 * @param folder empty or missing
 * @throws UserError where the folder has files
 */
export function writeTemplate(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new UserError(`${folder} must be empty`, ["Choose a new folder."]);
  mkdirSync(folder, { recursive: true });
  for (const file of FILES) cpSync(join(ROOT, file), join(folder, file), { recursive: true });
  const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
  const project = read("Pulumi.yaml").replace(/^(name|description): .*\n/gm, "");
  const { dependencies, devDependencies, engines, license } = JSON.parse(read("package.json"));
  const tsconfig = JSON.parse(read("tsconfig.json"));
  const own = {
    name: "entra-access-stack",
    private: true,
    license,
    engines,
    main: "index.ts",
    dependencies: Object.fromEntries(PACKAGES.map((name) => [name, dependencies[name]])),
    devDependencies: { "@types/node": devDependencies["@types/node"] },
  };
  tsconfig.compilerOptions.types = ["node"];
  tsconfig.include = FILES.filter((file) => file !== "LICENSE");
  writeFileSync(join(folder, "Pulumi.yaml"), read("scripts/template/project.yaml") + project);
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(own, undefined, 2)}\n`);
  // Settings begin with the name of the project.
  const schema = `${JSON.stringify(buildStackFileSchema(`\${PROJECT}`), undefined, 2)}\n`;
  writeFileSync(join(folder, "config/stack-file.schema.json"), schema);
  writeFileSync(join(folder, "tsconfig.json"), `${JSON.stringify(tsconfig, undefined, 2)}\n`);
  cpSync(join(__dirname, "README.md"), join(folder, "README.md"));
  writeFileSync(join(folder, ".gitignore"), "node_modules/\n");
}
