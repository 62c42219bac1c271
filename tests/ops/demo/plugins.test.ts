import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type PluginKind, preparePlugins } from "../../../ops/demo/plugins";
import { Progress } from "../../../ops/terminal/progress";
import { getPluginPath, PLUGINS } from "../../../stand-ins/install";

let folder: string;
let lines: string[];
beforeEach(() => {
  // Quotes and blanks: users choose the path of their home.
  folder = mkdtempSync(join(tmpdir(), "it's a home "));
  lines = [];
});
afterEach(() => {
  jest.restoreAllMocks();
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
function prepare(kind?: PluginKind, { script = "exit 1", env = {} } = {}): Promise<string> {
  const command = join(folder, "engine");
  writeProgram(command, script);
  return preparePlugins({
    engine: { command, version: "3.232.0", source: "a test" },
    progress: new Progress({ write: (text: string) => lines.push(text.trimEnd()) > 0 }),
    kind,
    env: { PATH: process.env.PATH, PULUMI_HOME: join(folder, "user"), ...env },
    folder: join(folder, "project"),
  });
}

const reachable = () => jest.spyOn(globalThis, "fetch").mockResolvedValue(new Response());
const outOfReach = () => jest.spyOn(globalThis, "fetch").mockRejectedValue(new Error("offline"));
const isOfficial = (home: string) =>
  readFileSync(getPluginPath(home, "azuread"), "utf8").includes("/user/plugins/resource-azuread");

describe("preparePlugins", () => {
  it("takes the official plugins of the user's Pulumi home, and asks nothing of the network", async () => {
    installOfficial();
    const fetched = outOfReach();
    const home = await prepare();
    expect(execFileSync(getPluginPath(home, "random"), ["127.0.0.1:1"], { encoding: "utf8" })).toBe(
      "official random 127.0.0.1:1\n",
    );
    expect(lines).toEqual(["  Plugins: the official ones, azuread 6.9.1, cloudflare 6.22.1, random 4.21.2"]);
    expect(fetched).not.toHaveBeenCalled();
  });

  it("downloads the official plugins that are missing", async () => {
    installOfficial(["azuread"]);
    reachable();
    const script = `echo "$@" >> "$PULUMI_HOME/calls"`;
    const home = await prepare(undefined, { script });
    expect(isOfficial(home)).toBe(true);
    expect(readFileSync(join(folder, "user/calls"), "utf8")).toBe(
      "plugin install resource cloudflare 6.22.1\nplugin install resource random 4.21.2\n",
    );
  });

  it.each([
    ["nothing can be reached", outOfReach, {}, "https://get.pulumi.com is out of reach"],
    [
      "a download fails",
      reachable,
      { script: "echo downloading >&2; echo 'error: 404' >&2; exit 1" },
      "error: 404",
    ],
    [
      "downloads are forbidden",
      reachable,
      { env: { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" } },
      "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION is set",
    ],
  ])(
    "falls back to stand-ins and says why where %s; with --official it fails",
    async (_what, network, options, why) => {
      installOfficial(["azuread"]);
      network();
      const home = await prepare(undefined, options);
      expect(isOfficial(home)).toBe(false);
      expect(lines.at(-1)).toMatch(
        /^ {2}Plugins: stand-ins for azuread 6\.9\.1, .*no official cloudflare, random in /,
      );
      expect(lines.at(-1)).toContain(why);
      await expect(prepare("official", options)).rejects.toMatchObject({
        message: expect.stringContaining(why),
        next: expect.arrayContaining(["pulumi plugin install resource cloudflare 6.22.1"]),
      });
    },
  );

  it("uses the stand-ins on request, and leaves the user's Pulumi home alone", async () => {
    const fetched = reachable();
    const home = await prepare("stand-ins");
    expect(isOfficial(home)).toBe(false);
    expect(fetched).not.toHaveBeenCalled();
    expect(existsSync(join(folder, "user"))).toBe(false);
  });
});
