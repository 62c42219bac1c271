import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Deployment } from "@pulumi/pulumi/automation";
import { SharedPlugins } from "../../../../ops/fleet/plugins/shared-plugins";

const { version } = require("@pulumi/azuread/package.json");

let folder: string;
let plugin: string;
let opened: SharedPlugins[];
beforeEach(() => {
  opened = [];
  folder = mkdtempSync(join(tmpdir(), "shared-plugins-"));
  plugin = join(folder, "plugins", `resource-azuread-v${version}`);
  mkdirSync(plugin, { recursive: true });
  writeFileSync(join(folder, "Pulumi.yaml"), "name: entra-access\nruntime: nodejs\n");
  writeFileSync(join(plugin, "pulumi-resource-azuread"), "", { mode: 0o755 });
});
afterEach(async () => {
  await Promise.all(opened.map((plugins) => plugins.close()));
  rmSync(folder, { recursive: true });
});

/** Attaches for a stack whose state has azuread providers of these versions. */
function attach(versions: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const plugins = new SharedPlugins(folder, { PULUMI_HOME: folder, PATH: "", ...env });
  opened.push(plugins);
  const resources = versions.map((one) => ({
    urn: `urn:${one}`,
    type: "pulumi:providers:azuread",
    inputs: { version: one },
  }));
  return plugins.attach({ version: 3, deployment: { resources } } as Deployment);
}

const SHARED = { PULUMI_DEBUG_PROVIDERS: expect.stringMatching(/^azuread:\d+$/) };

it("shares a plugin of the Pulumi home with the version of the program and of the state", async () => {
  expect(await attach([version])).toEqual(SHARED);
  expect(await attach([])).toEqual(SHARED);
});

it("leaves a plugin to the engine where the state has another version", async () => {
  expect(await attach([version, "6.0.0"])).toEqual({});
});

it("leaves a plugin to the engine while it is being installed", async () => {
  writeFileSync(`${plugin}.partial`, "");
  expect(await attach([version])).toEqual({});
});

it("leaves a plugin to the engine where one on PATH comes first", async () => {
  expect(await attach([version], { PATH: plugin })).toEqual({});
});

it("leaves a plugin to the engine where Pulumi.yaml names it", async () => {
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    "name: entra-access\nruntime: nodejs\nplugins:\n  providers: []\n",
  );
  expect(await attach([version])).toEqual({});
});

it("attaches nothing to an engine that the caller has attached plugins to", async () => {
  expect(await attach([version], { PULUMI_DEBUG_PROVIDERS: "azuread:1" })).toEqual({});
});
