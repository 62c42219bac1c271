import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runOnTwin } from "../../../ops/demo/own-twin";
import { type PluginKind, preparePlugins } from "../../../ops/demo/plugins";
import { Progress } from "../../../ops/terminal/progress";
import { requireInstallerHost } from "../../../ops/tools/engine/install";
import { getPluginPath, PLUGINS } from "../../../stand-ins/install";

jest.mock("../../../ops/tools/engine/install", () => ({ requireInstallerHost: jest.fn() }));
const installerHost = jest.mocked(requireInstallerHost);

const { azuread, cloudflare, random } = PLUGINS;

let folder: string;
let lines: string[];
beforeEach(() => {
  // Quotes and blanks: users choose the path of their home.
  folder = mkdtempSync(join(tmpdir(), "it's a home "));
  lines = [];
  installerHost.mockReset();
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function writeProgram(path: string, script: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

function installOfficial(names = Object.keys(PLUGINS)): void {
  for (const name of names)
    writeProgram(getPluginPath(join(folder, "user"), name), `echo official ${name} "$@"`);
}

/** Prepares the plugins with an engine that runs a script. */
function prepare(
  kind?: PluginKind,
  { script = "exit 1", env = {}, platform = "linux" as NodeJS.Platform } = {},
): Promise<string> {
  const command = join(folder, "engine");
  writeProgram(command, script);
  return preparePlugins({
    engine: { command, version: "3.232.0", source: "a test" },
    progress: new Progress({ write: (text: string) => lines.push(text.trimEnd()) > 0 }),
    kind,
    env: { PATH: process.env.PATH, PULUMI_HOME: join(folder, "user"), ...env },
    folder: join(folder, "project"),
    platform,
  });
}

const outOfReach = () => installerHost.mockRejectedValue(new Error("https://get.pulumi.com is out of reach"));
const listOfficial = (home: string) =>
  Object.keys(PLUGINS).filter((name) =>
    readFileSync(getPluginPath(home, name), "utf8").includes(`/user/plugins/resource-${name}`),
  );

it("the engines of a session on the twin share the plugins of their Pulumi home", async () => {
  installOfficial();
  let shared: Record<string, string> = {};
  await runOnTwin(async ({ sharePlugins }) => {
    shared = await sharePlugins({ PULUMI_HOME: join(folder, "user") });
  });
  expect(shared.PULUMI_DEBUG_PROVIDERS).toMatch(/^azuread:\d+,cloudflare:\d+,random:\d+$/);
});

describe("preparePlugins", () => {
  it("takes the official plugins of the user's Pulumi home, and asks nothing of the network", async () => {
    installOfficial();
    const home = await prepare();
    expect(execFileSync(getPluginPath(home, "random"), ["127.0.0.1:1"], { encoding: "utf8" })).toBe(
      "official random 127.0.0.1:1\n",
    );
    expect(lines).toEqual([
      `  Plugins: the official azuread ${azuread}, cloudflare ${cloudflare}, random ${random}`,
    ]);
    expect(installerHost).not.toHaveBeenCalled();
  });

  it.each([
    ["", {}],
    [
      " from a mirror, although Pulumi's host is out of reach",
      { PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES: ".*=https://mirror" },
    ],
  ])("downloads the official plugins that are missing%s", async (_where, env) => {
    installOfficial(["azuread"]);
    if (Object.keys(env).length > 0) outOfReach();
    // As the engine does: plugin install resource <name> <version>.
    const plugin = `$PULUMI_HOME/plugins/resource-$4-v$5/pulumi-resource-$4`;
    const script = `mkdir -p "$(dirname "${plugin}")"; cp "$0" "${plugin}"; echo "$@" >> "$PULUMI_HOME/calls"`;
    const home = await prepare(undefined, { script, env });
    expect(listOfficial(home)).toEqual(["azuread", "cloudflare", "random"]);
    expect(readFileSync(join(folder, "user/calls"), "utf8")).toBe(
      `plugin install resource cloudflare ${cloudflare}\nplugin install resource random ${random}\n`,
    );
  });

  it.each([
    ["nothing can be reached", outOfReach, {}, "https://get.pulumi.com is out of reach"],
    [
      "a download fails",
      () => {},
      { script: "echo downloading >&2; echo 'error: 404' >&2; exit 1" },
      "error: 404",
    ],
    ["an installed program cannot be executed", () => {}, { script: "exit 0" }, "not executable"],
    [
      "downloads are forbidden",
      () => {},
      { env: { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" } },
      "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION is set",
    ],
  ])(
    "uses stand-ins for what is missing and says why where %s; with --official it fails",
    async (_what, network, options, why) => {
      installOfficial(["azuread"]);
      network();
      const home = await prepare(undefined, options);
      expect(listOfficial(home)).toEqual(["azuread"]);
      const userHome = join(folder, "user");
      expect(lines).toContainEqual(
        expect.stringContaining(
          `Plugins: the official azuread ${azuread}; stand-ins for cloudflare ${cloudflare}, random ${random} (not in ${userHome}: `,
        ),
      );
      expect(lines.at(-1)).toContain(why);
      await expect(prepare("official", options)).rejects.toMatchObject({
        message: expect.stringContaining(`; missing: cloudflare ${cloudflare}, random ${random} (`),
        next: [
          `pulumi plugin install resource cloudflare ${cloudflare}`,
          `pulumi plugin install resource random ${random}`,
          expect.any(String),
        ],
      });
    },
  );

  it("does not take a plugin of another version", async () => {
    outOfReach();
    writeProgram(join(folder, "user/plugins/resource-azuread-v6.9.0/pulumi-resource-azuread"), "exit 0");
    expect(listOfficial(await prepare())).toEqual([]);
    expect(lines.at(-1)).toContain(`  Plugins: stand-ins for azuread ${azuread}, `);
  });

  it("uses the stand-ins on macOS, where azuread would refuse the twin's certificate, unless --official asks otherwise", async () => {
    installOfficial();
    expect(listOfficial(await prepare(undefined, { platform: "darwin" }))).toEqual([]);
    expect(lines.at(-1)).toContain("(on macOS, azuread trusts only the keychain)");
    expect(listOfficial(await prepare("official", { platform: "darwin" }))).toHaveLength(3);
  });

  it("uses the stand-ins on request, and leaves the user's Pulumi home alone", async () => {
    const home = await prepare("stand-ins");
    expect(listOfficial(home)).toEqual([]);
    expect(installerHost).not.toHaveBeenCalled();
    expect(existsSync(join(folder, "user"))).toBe(false);
  });
});
