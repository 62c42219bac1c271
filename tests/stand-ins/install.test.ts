import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import azureadSdk from "@pulumi/azuread/package.json";
import cloudflareSdk from "@pulumi/cloudflare/package.json";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import randomSdk from "@pulumi/random/package.json";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { installStandIns } from "../../stand-ins/install";

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "stand-ins '"));
  installStandIns(home);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const plugins = () => join(home, "plugins");
const snapshot = (folder: string): [string, number][] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => [name, statSync(join(folder, name)).mtimeMs]);

test("has a plugin for each SDK at its version", () => {
  expect(readdirSync(plugins()).sort()).toEqual([
    `resource-azuread-v${azureadSdk.version}`,
    `resource-cloudflare-v${cloudflareSdk.version}`,
    `resource-random-v${randomSdk.version}`,
  ]);
});

test("changes nothing when installed again", () => {
  const before = snapshot(home);
  installStandIns(home);
  expect(snapshot(home)).toEqual(before);
});

test.each([
  ["azuread", azureadSdk.version],
  ["cloudflare", cloudflareSdk.version],
  ["random", randomSdk.version],
])("%s starts, prints its port, and reports version %s", async (name, version) => {
  const program = join(plugins(), `resource-${name}-v${version}`, `pulumi-resource-${name}`);
  expect(readFileSync(program, "utf8")).toMatch(/^#!\/bin\/sh\n/);
  const plugin = spawn(program, ["127.0.0.1:1"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const port = await new Promise<string>((resolve, reject) => {
      plugin.stdout.once("data", (line) => resolve(String(line).trim()));
      plugin.once("exit", (code) => reject(new Error(`${name} ended with ${code}`)));
    });
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    const info = await new Promise((resolve, reject) =>
      client.getPluginInfo(new Empty(), (error, answer) =>
        error ? reject(error) : resolve(answer.getVersion()),
      ),
    );
    client.close();
    expect(info).toBe(version);
  } finally {
    const ended = new Promise((resolve) => plugin.once("exit", resolve));
    plugin.kill();
    await ended;
  }
});

test("ends a plugin when its engine is killed", async () => {
  const program = join(plugins(), `resource-random-v${randomSdk.version}`, "pulumi-resource-random");
  const engine = spawn("sh", ["-c", '"$0" 127.0.0.1:1 & read forever', program], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await new Promise((resolve) => engine.stdout.once("data", resolve));
  // Closed when the last process that writes to it is gone.
  const silence = new Promise((resolve) => engine.stdout.once("close", resolve));
  engine.kill("SIGKILL");
  await silence;
});
