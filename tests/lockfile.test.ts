import { existsSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { transformSync } from "@swc/core";
import { dependencies, devDependencies } from "../package.json";
import lock from "../package-lock.json";
import { renderLicenses } from "../scripts/dev-tools/licenses";
import {
  type LockedPackage,
  type Lockfile,
  listIncompleteParents,
  mergeLockfiles,
} from "../scripts/dev-tools/lockfile";

interface Package {
  version?: string;
  dev?: boolean;
  resolved?: string;
  integrity?: string;
  license?: string;
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

test("the lockfile has the hash and license of every package", () => {
  const own = Object.entries(packages).filter(([path]) => path !== "");
  const isComplete = ({ integrity = "", license }: Package) =>
    /^sha512-[\w+/]{86}==$/.test(integrity) && license;
  expect(own.filter(([, one]) => !isComplete(one)).map(([path]) => path)).toEqual([]);
});

/** Licenses that ask for nothing but a notice. */
const PERMISSIVE =
  /^\(?((MIT|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|CC0-1\.0|Python-2\.0|Zlib)( (AND|OR) |\)?$))+/;

test("licenses are permissive, but for these", () => {
  const others = Object.entries(packages).filter(
    ([path, { license = "" }]) => path && !PERMISSIVE.test(license),
  );
  const named = others.map(
    ([path, { license, dev }]) => `${path.slice(13)}: ${license}${dev ? " (development)" : ""}`,
  );
  expect(named).toEqual([
    "@logdna/tail-file: SEE LICENSE IN LICENSE",
    "axe-core: MPL-2.0 (development)",
    "caniuse-lite: CC-BY-4.0 (development)",
    "spdx-exceptions: CC-BY-3.0",
    "uri-templates: http://geraintluff.github.io/tv4/LICENSE.txt (development)",
  ]);
});

describe("npm run dev-tools -- lockfile", () => {
  const complete = lock as unknown as Lockfile;
  const parent = "node_modules/@swc/core";
  const child = "node_modules/@swc/core-win32-x64-msvc";
  /** What npm install leaves behind on Linux. */
  const damaged: Lockfile = {
    packages: Object.fromEntries(
      Object.entries(complete.packages)
        .filter(([path]) => path !== child)
        .map(([path, one]) => [path, path ? { ...one, resolved: "https://registry.example/x.tgz" } : one]),
    ),
  };

  test("leaves a complete lockfile as it is", () => {
    expect(listIncompleteParents(complete)).toEqual({});
    expect(JSON.stringify(mergeLockfiles(complete, { packages: {} }))).toBe(JSON.stringify(complete));
  });

  test("finds what npm dropped, and completes it from a lockfile of the package alone", () => {
    expect(listIncompleteParents(damaged)).toEqual({ "@swc/core": complete.packages[parent]?.version });
    const fresh = { packages: { [child]: complete.packages[child] as LockedPackage } };
    expect(mergeLockfiles(damaged, fresh).packages).toEqual(complete.packages);
  });

  test("finds them for a package that is installed under another name", () => {
    const { "node_modules/@typescript/typescript-win32-x64": _, ...packages } = complete.packages;
    const name = "typescript-native";
    expect(listIncompleteParents({ packages })).toEqual({ [name]: devDependencies[name] });
  });

  test("fills in a hash and a license only of the same version", () => {
    const one = complete.packages[child] as LockedPackage;
    const { integrity: _i, license: _l, ...bare } = one;
    const without = { packages: { ...complete.packages, [child]: bare as LockedPackage } };
    expect(mergeLockfiles(without, { packages: { [child]: one } }).packages[child]).toEqual(one);
    const other = { packages: { [child]: { ...one, version: "0.0.1" } } };
    expect(mergeLockfiles(without, other).packages[child]).toEqual(bare);
  });
});

test("the table of licenses has each package once, with what it is for", () => {
  const lines = renderLicenses(lock as unknown as Lockfile).split("\n");
  expect(lines).toContain(`| @pulumi/pulumi | ${dependencies["@pulumi/pulumi"]} | Apache-2.0 | operation |`);
  expect(lines.filter((line) => line.startsWith("| jest | "))).toEqual([
    expect.stringMatching(/MIT \| development \|$/),
  ]);
  expect(new Set(lines).size).toBe(lines.length);
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
