import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../ops/errors";
import { Stack, type StackOptions } from "../../ops/stacks";
import type { Engine } from "../../ops/tools/engine";

// An engine that only records its calls; tests/stack uses the real one.
let folder: string;
let engine: Engine;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stacks-test-"));
  engine = fakeEngine(`env > ${folder}/environment`);
  mkdirSync(join(folder, "repository"));
  writeFileSync(
    join(folder, "repository", "Pulumi.yaml"),
    "name: p\nruntime: nodejs\noptions: {refresh: always}\n",
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fakeEngine(script: string): Engine {
  const root = join(folder, "engine");
  const command = join(root, "bin", "pulumi");
  mkdirSync(join(root, "bin"), { recursive: true });
  writeFileSync(
    command,
    `#!/bin/sh\n[ "$1" = version ] && { echo v3.232.0; exit; }\n[ "$2" = export ] && { echo "{}"; exit; }\n${script}\n`,
  );
  chmodSync(command, 0o755);
  return { command, root, version: "3.232.0", source: "a test" };
}

function settings(text: string) {
  writeFileSync(join(folder, "repository", "Pulumi.dev.yaml"), text);
}

const open = (options: Partial<StackOptions> = {}) =>
  Stack.open({
    name: "dev",
    env: { ARM_TENANT_ID: "given" },
    directory: join(folder, "run"),
    pulumiHome: join(folder, "home"),
    projectFolder: join(folder, "repository"),
    program: async () => {},
    engine,
    ...options,
  });

const written = (file: string) => readFileSync(join(folder, "run", "project", file), "utf8");

test("takes all project settings from Pulumi.yaml", async () => {
  await open();
  expect(written("Pulumi.yaml")).toBe("name: p\nruntime: nodejs\noptions:\n  refresh: always\n");
});

test("takes the config from the stack's file with overrides, and does not change the file", async () => {
  const text = "config:\n  p:team: contoso\n  p:protect: true\nencryptionsalt: v1:x\n";
  settings(text);
  const stack = await open({ config: { "p:protect": false } });
  expect(await stack.config()).toEqual({ "p:team": "contoso", "p:protect": false });
  expect(written("Pulumi.dev.yaml")).toContain("encryptionsalt: 'v1:x'");
  expect(readFileSync(join(folder, "repository", "Pulumi.dev.yaml"), "utf8")).toBe(text);
  expect(readdirSync(join(folder, "repository"))).toEqual(["Pulumi.dev.yaml", "Pulumi.yaml"]);
});

test("allows config changes between runs", async () => {
  settings("config:\n  p:team: contoso\n");
  const stack = await open();
  await stack.configure({ "p:protect": false });
  expect(await stack.config()).toEqual({ "p:team": "contoso", "p:protect": false });
});

test("uses only the overrides without a file", async () => {
  const stack = await open({ config: { "p:team": "fabrikam" } });
  expect(await stack.config()).toEqual({ "p:team": "fabrikam" });
});

test("gives the engine the given environment without the shell's credentials for real clouds", async () => {
  const stray = {
    ARM_CLIENT_CERTIFICATE: "x",
    CLOUDFLARE_EMAIL: "x",
    PULUMI_ACCESS_TOKEN: "x",
    PULUMI_HOME: "/else",
    ARM_TENANT_ID: "x",
  };
  Object.assign(process.env, stray);
  try {
    await open({ passphrase: "secret words" });
  } finally {
    for (const name of Object.keys(stray)) delete process.env[name];
  }
  const seen = readFileSync(join(folder, "environment"), "utf8").split("\n");
  expect(seen.filter((line) => /^(ARM|CLOUDFLARE|PULUMI)_/.test(line)).sort()).toEqual([
    "ARM_TENANT_ID=given",
    "PULUMI_AUTOMATION_API=true",
    `PULUMI_BACKEND_URL=file://${folder}/run/state`,
    "PULUMI_CONFIG_PASSPHRASE=secret words",
    "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true",
    `PULUMI_HOME=${folder}/home`,
    "PULUMI_SKIP_UPDATE_CHECK=true",
  ]);
});

test("reports why a stack cannot be opened in the first line", async () => {
  engine = fakeEngine('echo "error: incorrect passphrase" >&2; exit 255');
  const error = await open().catch((e: unknown) => e);
  expect(error).toBeInstanceOf(UserError);
  expect((error as Error).message).toBe("stack dev could not be opened: incorrect passphrase");
});

test("starts the engine for the operation alone", async () => {
  engine = fakeEngine(`echo "$1" >> ${folder}/started`);
  const stack = await open();
  for (const operation of ["up", "refresh", "destroy"] as const) await stack[operation]();
  const [, ...started] = readFileSync(join(folder, "started"), "utf8").trim().split("\n");
  expect(started).toEqual(["up", "refresh", "destroy"]);
});
