import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../../ops/errors";
import { buildStackFileSchema } from "../reference/schema";

const ROOT = join(__dirname, "../..");
/** The files and folders of a project: the stack, its commands, the policy pack and the pages about them. */
const FILES = [
  "index.ts",
  "client-secret-only.ts",
  "config.ts",
  "config",
  "components",
  "clouds",
  "policy",
  "ops",
  "docs",
  "LICENSE",
];
/** Files within these that are about the repository: its development, twin, workflows and package of components. */
const LEFT_OUT = [
  "ops/commands/local.ts",
  "ops/commands/twin.ts",
  "ops/demo",
  "ops/jest-counts.cjs",
  "docs/README.md",
  "docs/commands/local.md",
  "docs/commands/twin.md",
  "docs/components.md",
  "docs/decisions",
  "docs/deployer.md",
  "docs/faults.md",
  "docs/images",
  "docs/measurements.md",
  "docs/performance.md",
  "docs/supply-chain.md",
  "docs/twin-guesses.md",
  "docs/twin.md",
  "docs/upgrading.md",
  "docs/workflows.md",
].map((path) => join(ROOT, path));

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
  const filter = (source: string) => !LEFT_OUT.includes(source);
  for (const file of FILES) cpSync(join(ROOT, file), join(folder, file), { recursive: true, filter });
  const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
  const project = read("Pulumi.yaml").replace(/^(name|description): .*\n/gm, "");
  const { version, license, engines, bin, dependencies, devDependencies } = JSON.parse(read("package.json"));
  const { lockfileVersion, packages } = JSON.parse(read("package-lock.json"));
  const own = { name: "entra-access-stack", version, license, dependencies, bin, engines };
  const ownDev = { devDependencies: { "@types/node": devDependencies["@types/node"] } };
  const locked = Object.entries<{ dev?: boolean }>(packages).filter(([path, { dev }]) => path !== "" && !dev);
  const lockfile = {
    name: own.name,
    version,
    lockfileVersion,
    requires: true,
    packages: { "": { ...own, ...ownDev }, ...Object.fromEntries(locked) },
  };
  const tsconfig = JSON.parse(read("tsconfig.json"));
  tsconfig.compilerOptions.types = ["node"];
  // The commands need the types of packages for development.
  tsconfig.include = FILES.filter((file) => !["ops", "docs", "LICENSE"].includes(file));
  writeFileSync(join(folder, "Pulumi.yaml"), read("scripts/template/project.yaml") + project);
  writeJson(join(folder, "package.json"), { ...own, private: true, main: "index.ts", ...ownDev });
  writeJson(join(folder, "package-lock.json"), lockfile);
  // Settings begin with the name of the project.
  writeJson(join(folder, "config/stack-file.schema.json"), buildStackFileSchema(`\${PROJECT}`));
  writeJson(join(folder, "tsconfig.json"), tsconfig);
  writeFileSync(join(folder, "README.md"), read("scripts/template/README.md").replaceAll("](../../", "]("));
  writeFileSync(join(folder, ".gitignore"), "node_modules/\n");
  adaptPages(folder);
}

function writeJson(path: string, content: object): void {
  writeFileSync(path, `${JSON.stringify(content, undefined, 2)}\n`);
}

/** Removes what the pages say about the twin and missing commands, and turns links to missing pages into text. */
function adaptPages(folder: string): void {
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".md"),
  );
  for (const page of pages.map((path) => join(folder, path))) {
    const text = readFileSync(page, "utf8");
    const has = (target: string) => existsSync(join(dirname(page), target));
    const known = text
      .replace(/^- \[[^\]]*on the twin\].*\n/gim, "")
      .replace(/^## [^\n]*on the twin\n[\s\S]*?(?=^## |(?![\s\S]))/gim, "")
      .replace(/^\|.*\| \[[^\]]+\]\(([^):#]+)\) \|\n/gm, (row, target) => (has(target) ? row : ""))
      .replace(/\[([^\]]+)\]\(([^):#]+)(?:#[^)]*)?\)/g, (link, label, target) =>
        has(target) ? link : label,
      );
    if (known !== text) writeFileSync(page, known);
  }
}
