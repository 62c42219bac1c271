import { existsSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { transformSync } from "@swc/core";
import { dependencies } from "../package.json";
import lock from "../package-lock.json";

interface Package {
  version?: string;
  dev?: boolean;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
}
const packages: Record<string, Package> = lock.packages;

/** Where Node.js would find a dependency of a package: the nearest node_modules up the tree. */
function installed(of: string, name: string): Package | undefined {
  const own = packages[`${of ? `${of}/` : ""}node_modules/${name}`];
  if (own || !of) return own;
  return installed(of.slice(0, Math.max(of.lastIndexOf("/node_modules/"), 0)), name);
}

test("the lockfile has the optional packages of every platform: without them `npm ci` fails", () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !installed(path, name)),
  );
  expect(missing).toEqual([]);
});

test("the lockfile names no registry, so that any serves it", () => {
  expect(Object.values(packages).filter(({ resolved }) => resolved)).toEqual([]);
});

const root = resolve(__dirname, "..");
/** The commands that need the twin and the stand-ins, and so the packages for development. */
const TWIN_COMMANDS = ["ops/commands/local.ts", "ops/commands/twin.ts"];
/** Pulumi itself loads these to run `index.ts`. */
const LOADED_BY_PULUMI = ["ts-node", "typescript"];

/** Lists the modules that a file loads when it runs; imports of types are erased. */
function listLoadedModules(file: string): string[] {
  const source = readFileSync(file, "utf8");
  const { code } = transformSync(source, {
    swcrc: false,
    jsc: { target: "es2022", parser: { syntax: "typescript" } },
    module: { type: "commonjs" },
  });
  return [...code.matchAll(/\brequire(?:\.resolve)?\("([^"]+)"\)/g)].map(([, module = ""]) => module);
}

/** Lists the packages that the given files load, themselves or through other files. */
function listLoadedPackages(files: readonly string[]): Set<string> {
  const packageNames = new Set<string>();
  const visited = new Set<string>();
  const visit = (file: string) => {
    if (visited.has(file) || file.endsWith(".json") || TWIN_COMMANDS.includes(relative(root, file))) return;
    visited.add(file);
    for (const module of listLoadedModules(file)) {
      const path = resolve(dirname(file), module);
      if (module.startsWith("."))
        visit(
          [".ts", "/index.ts", ".cjs", ""].map((end) => path + end).find((name) => existsSync(name)) ?? path,
        );
      else if (!isBuiltin(module)) packageNames.add(/^(@[^/]+\/)?[^/]+/.exec(module)?.[0] ?? module);
    }
  };
  for (const file of files) visit(join(root, file));
  return packageNames;
}

test("after `npm ci --omit=dev`, there is every package that the stack and its operations load", () => {
  const loaded = listLoadedPackages(["index.ts", "ops/cli.ts", "ops/register.cjs"]);
  expect(loaded).toContain("cloudflare");
  const names = [...loaded, ...LOADED_BY_PULUMI];
  expect(names.filter((name) => !(name in dependencies))).toEqual([]);
  expect(names.filter((name) => packages[`node_modules/${name}`]?.dev !== undefined)).toEqual([]);
});
