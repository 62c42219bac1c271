import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";

const root = resolve(__dirname, "..");
const refused: [file: string, imported: string][] = [
  ["index.ts", "node:fs"],
  ["index.ts", "./ops/stacks"],
  ["index.ts", "@pulumi/azuread"],
  ["components/a.ts", "../config"],
  ["components/a.ts", "node:process"],
  ["components/a.ts", "undici"],
  ["components/entra/a.ts", "../../clouds/token-probe"],
  ["components/access/a.ts", "node:fs"],
  ["config/a.ts", "../components/access/team"],
  ["config/part/a.ts", "../../components/access/team"],
  ["clouds/a.ts", "../components/access/team"],
  ["provider/a.ts", "../clouds/token-probe"],
  ["provider/a.ts", "../config"],
  ["policy/a.ts", "../config"],
  ["policy/rules/a.ts", "../../config/graph-permissions"],
  ["twin/http/server.ts", "../../components/access/team"],
  ["twin/graph/a.ts", "../../ops/stacks"],
  ["twin/graph/a.ts", "../entra/token"],
  ["twin/graph/part/a.ts", "../../../ops/stacks"],
  ["twin/graph/part/a.ts", "../../entra/token"],
  ["twin/cloudflare/access/part/a.ts", "../../../entra/token"],
  ["twin/home/part/a.ts", "../../entra/token"],
  ["components/entra/part/a.ts", "../../../clouds/token-probe"],
  ["twin/index.ts", "../stand-ins/install"],
  ["twin/entra/a.ts", "../graph/app"],
  ["twin/cloudflare/a.ts", "../graph/app"],
  ["twin/home/a.ts", "../graph/app"],
  ["twin/access/a.ts", "../graph/app"],
  ["twin/access/part/a.ts", "../../entra/token"],
  ["twin/cloudflare/a.ts", "../access/app"],
  ["stand-ins/azuread/a.ts", "../../twin/store/store"],
  ["stand-ins/install.ts", "../twin/http/server"],
  ["stand-ins/install.ts", "@pulumi/azuread"],
  ["ops/stacks.ts", "../components/access/team"],
  ["ops/tools/a.ts", "../../scripts/dev-tools/postgresql"],
  ["ops/commands/verify.ts", "../../twin/index"],
];
const allowed: typeof refused = [
  ["index.ts", "./config"],
  ["index.ts", "./components/preflight"],
  ["components/a.ts", "./access/team"],
  ["components/a.ts", "@pulumi/pulumi"],
  ["components/access/a.ts", "../hooks/a"],
  ["components/hooks/a.ts", "node:async_hooks"],
  ["components/a.ts", "../config/access/rules"],
  ["components/access/a.ts", "../entra/application"],
  ["components/entra/a.ts", "./directory/groups"],
  ["components/entra/directory/a.ts", "../../access/access"],
  ["components/access/a.ts", "../../config/access/rules"],
  ["provider/a.ts", "../components/access/access"],
  ["provider/a.ts", "@pulumi/pulumi/provider/experimental"],
  ["config/a.ts", "./values/fields"],
  ["config/part/a.ts", "../sign-in"],
  ["policy/rules/a.ts", "../rule"],
  ["twin/graph/a.ts", "../store/store"],
  ["twin/graph/a.ts", "./part/a"],
  ["twin/graph/part/a.ts", "../../store/store"],
  ["twin/graph/part/a.ts", "../call"],
  ["stand-ins/azuread/a.ts", "../bridge/http"],
  ["ops/commands/twin.ts", "../../twin/index"],
  ["ops/demo/a.ts", "../../stand-ins/install"],
];

/**
 * Lists what a rule of the linter refuses, as "file imports module", in a tree that has these imports and nothing else.
 *
 * @param form the import statement for a module
 */
function lint(
  rule: string,
  imports: typeof refused,
  form = (module: string) => `import "${module}";`,
): string[] {
  const tree = realpathSync(mkdtempSync(join(tmpdir(), "boundaries-")));
  try {
    cpSync(join(root, "biome.json"), join(tree, "biome.json"));
    const lines = new Map<string, string[]>();
    for (const [file, imported] of imports) lines.set(file, [...(lines.get(file) ?? []), imported]);
    for (const [file, modules] of lines) {
      mkdirSync(dirname(join(tree, file)), { recursive: true });
      writeFileSync(join(tree, file), modules.map((module) => `${form(module)}\n`).join(""));
    }
    const options = [`--only=${rule}`, "--reporter=github", "--max-diagnostics=none"];
    const { stdout } = spawnSync(
      join(root, "node_modules/.bin/biome"),
      ["lint", "--vcs-enabled=false", ...options, "."],
      { cwd: tree, encoding: "utf8" },
    );
    const found = stdout.matchAll(/title=lint\/[^,]+,file=([^,]+),line=(\d+)/g);
    return [...found].map(([, path = "", line]) => {
      const file = relative(tree, path);
      return `${file} imports ${lines.get(file)?.[Number(line) - 1]}`;
    });
  } finally {
    rmSync(tree, { recursive: true });
  }
}

test("the linter holds who may import what", () => {
  const expected = refused.map(([file, imported]) => `${file} imports ${imported}`);
  expect(lint("style/noRestrictedImports", [...refused, ...allowed]).sort()).toEqual(expected.sort());
});

test("the linter refuses a cycle of imports, even of types alone", () => {
  const cycle: typeof refused = [
    ["ops/a.ts", "./b"],
    ["ops/b.ts", "./part/c"],
    ["ops/part/c.ts", "../a"],
  ];
  const expected = cycle.map(([file, imported]) => `${file} imports ${imported}`);
  const form = (module: string) => `import type { T } from "${module}";\nexport type U = T;`;
  expect(lint("suspicious/noImportCycles", [...cycle, ["ops/d.ts", "./a"]], form)).toEqual(expected);
});

test("one file reads the engine's form of a state", () => {
  const files = readdirSync(join(root, "ops"), { recursive: true, encoding: "utf8" });
  const readers = files.filter(
    (file) =>
      file.endsWith(".ts") &&
      /deployment\??\.(resources|pending_operations)/.test(readFileSync(join(root, "ops", file), "utf8")),
  );
  expect(readers).toEqual([join("stacks", "state", "state.ts")]);
});

test("files and folders stay as small as CONTRIBUTING.md says", () => {
  const parts = ["bench", "clouds", "components", "config", "ops", "policy", "provider", "scripts"];
  const sources = [...parts, "stand-ins", "twin"].flatMap((part) =>
    readdirSync(join(root, part), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(ts|mjs|cjs)$/.test(file) && !file.includes("node_modules"))
      .map((file) => `${part}/${file}`),
  );
  const countLines = (file: string) => readFileSync(join(root, file), "utf8").split("\n").length - 1;
  const counts = new Map<string, number>();
  for (const folder of sources.map(dirname)) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  const largeFolders = [...counts].flatMap(([folder, count]) => (count > 11 ? [folder] : []));
  expect([...largeFolders, ...sources.filter((file) => countLines(file) > 260)]).toEqual(["ops/commands"]);
});
