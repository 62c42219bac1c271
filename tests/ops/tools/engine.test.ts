import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import fs from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../../ops/errors";
import { Progress } from "../../../ops/terminal/progress";
import { ENGINE_VERSION, ensureEngine, findEngine } from "../../../ops/tools/engine";
import { runOfficialInstaller } from "../../../ops/tools/engine/install";
import { UnavailableError } from "../../../ops/tools/engine/source";
import { programs } from "./lab";

// The one source that needs the network; a machine that reaches it must test the same as one that does not.
jest.mock("../../../ops/tools/engine/install", () => ({ runOfficialInstaller: jest.fn() }));
const installer = jest.mocked(runOfficialInstaller);

const { at, script } = programs("engine");
const read = (path: string) => readFileSync(join(__dirname, "../../..", path), "utf8");
/** The version that the engine's sources require. */
const GO_VERSION = /^go (\S+)$/m.exec(read("ops/tools/engine/go.mod"))?.[1];
let printed: string;
beforeEach(() => {
  printed = "";
  installer.mockReset().mockRejectedValue(new UnavailableError("the installer is out of reach", "Reach it."));
});
afterEach(() => {
  jest.restoreAllMocks();
});

const progress = new Progress({
  write: (text: string) => {
    printed += text;
    return true;
  },
} as ConstructorParameters<typeof Progress>[0]);

const pulumiOnPath = (version: string) => script(at("path", "pulumi"), `echo ${version}`);
const HOME_ENGINE = ["home", "versions", ENGINE_VERSION, "bin", "pulumi"];
const pulumiInHome = (version = ENGINE_VERSION) => script(at(...HOME_ENGINE), `echo v${version}`);
const env = () => ({ PATH: at("path"), PULUMI_HOME: at("home") });

/** A Go that answers the questions of the build, and "builds" an engine of the version it is told to set. */
function fakeGo({ version = "go1.99.0", toolchain = "local", build = "" } = {}) {
  script(
    at("path", "go"),
    `case "$1 $2" in
"env GOVERSION") echo "${version}"; echo "${toolchain}";;
"env -json") echo '{"GOMODCACHE":"${at()}/none/yet","GOCACHE":"${at()}"}';;
build*) echo "$@" > ${at()}/arguments; echo "$CGO_ENABLED|$GOWORK|$PWD" >> ${at()}/arguments
  ${build || `while [ "$1" != -o ]; do shift; done; echo '#!/bin/sh' > "$2"; echo 'echo v${ENGINE_VERSION}' >> "$2"; /bin/chmod +x "$2"`};;
esac`,
  );
}

describe("an engine that is there", () => {
  test("prefers the one on PATH if its version is compatible", async () => {
    pulumiInHome();
    const command = pulumiOnPath("v3.250.1");
    expect(await findEngine({ env: env() })).toEqual({ command, version: "3.250.1", source: "on PATH" });
  });

  test.each(["v3.231.9", "v4.0.0", "v2.999.0", "not a version"])(
    "%s on PATH is passed over",
    async (version) => {
      pulumiOnPath(version);
      const command = pulumiInHome();
      expect(await findEngine({ env: env() })).toMatchObject({
        command,
        root: at("home", "versions", ENGINE_VERSION),
      });
    },
  );

  test("uses ~/.pulumi without PULUMI_HOME", async () => {
    const command = script(
      at(".pulumi", "versions", ENGINE_VERSION, "bin", "pulumi"),
      `echo v${ENGINE_VERSION}`,
    );
    expect(await findEngine({ env: { PATH: "", HOME: at() } })).toMatchObject({ command });
  });

  test("is not run where its folder says the version, on PATH too, unless it shall be verified", async () => {
    const command = script(at(...HOME_ENGINE), `echo >> ${at("runs")}; echo v${ENGINE_VERSION}`);
    const { PULUMI_HOME } = env();
    expect(await findEngine({ env: { PATH: "", PULUMI_HOME } })).toMatchObject({ command });
    const onPath = { PATH: join(command, ".."), PULUMI_HOME: at("nowhere") };
    expect(await findEngine({ env: onPath })).toEqual({
      command,
      version: ENGINE_VERSION,
      source: "on PATH",
    });
    expect(existsSync(at("runs"))).toBe(false);
    await findEngine({ env: onPath, verify: true });
    expect(existsSync(at("runs"))).toBe(true);
  });

  test("reports both places and the command that installs one when there is none", async () => {
    const error = await findEngine({ env: env() }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({
      message: `Pulumi engine ${ENGINE_VERSION} is required: pulumi is not on PATH; ${at(...HOME_ENGINE)} does not exist`,
      next: ["Install it: npx entra-access engine"],
    });
  });

  test("installs and prints nothing when there is one", async () => {
    pulumiInHome();
    fakeGo();
    await ensureEngine({ env: env(), progress });
    expect(installer).not.toHaveBeenCalled();
    expect(existsSync(at("arguments"))).toBe(false);
    expect(printed).toBe("");
  });
});

describe("an engine that has to be got", () => {
  test("prefers the official installer to Go", async () => {
    fakeGo();
    installer.mockImplementation(
      async (root) => void script(join(root, "bin", "pulumi"), `echo v${ENGINE_VERSION}`),
    );
    expect(await ensureEngine({ env: env(), progress })).toMatchObject({ command: at(...HOME_ENGINE) });
    expect(existsSync(at("arguments"))).toBe(false);
  });

  test("builds the pinned version reproducibly with Go into the Pulumi home", async () => {
    fakeGo();
    const engine = await ensureEngine({ env: { ...env(), CGO_ENABLED: "1", GOWORK: "/else" }, progress });
    expect(engine).toMatchObject({ command: at(...HOME_ENGINE), version: ENGINE_VERSION });
    const [args, settings] = readFileSync(at("arguments"), "utf8").split("\n");
    expect(args).toContain("-trimpath -buildvcs=false -v -tags engine");
    expect(args).toContain(`-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${ENGINE_VERSION}`);
    expect(settings).toBe(`0|off|${join(__dirname, "../../../ops/tools/engine")}`);
    expect(printed).toContain("the installer is out of reach");
  });

  test("replaces a broken engine in the home", async () => {
    script(at(...HOME_ENGINE), "exit 1");
    fakeGo();
    await expect(ensureEngine({ env: env(), progress, verify: true })).resolves.toMatchObject({
      version: ENGINE_VERSION,
    });
  });

  test("leaves nothing behind after a failed build, and removes the folder of a killed run", async () => {
    fakeGo({ build: 'shift 9; touch "$1"; echo "go: disk: no space left on device" >&2; exit 1' });
    mkdirSync(at("home", "versions", `.${ENGINE_VERSION}-999999999`), { recursive: true });
    await expect(ensureEngine({ env: env(), progress })).rejects.toThrow(UserError);
    expect(readdirSync(at("home", "versions"))).toEqual([]);
  });

  test("leaves nothing behind after an interrupted build", async () => {
    const controller = new AbortController();
    fakeGo({ build: "exec /bin/sleep 600" });
    const stopped = ensureEngine({ env: env(), progress, signal: controller.signal });
    while (!existsSync(at("arguments"))) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await expect(stopped).rejects.toMatchObject({
      next: expect.arrayContaining([expect.stringContaining("go build failed with SIGTERM")]),
    });
    expect(readdirSync(at("home", "versions"))).toEqual([]);
  });

  test("does not install an engine that does not run", async () => {
    installer.mockImplementation(async (root) => void script(join(root, "bin", "pulumi"), "exit 126"));
    await expect(ensureEngine({ env: env(), progress })).rejects.toThrow(UserError);
    expect(readdirSync(at("home", "versions"))).toEqual([]);
  });
});

describe("where nothing works, one error says what is missing and what to do", () => {
  const failed = async () => {
    const error = (await ensureEngine({ env: env(), progress }).catch((e: unknown) => e)) as UserError;
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toBe(`Pulumi engine ${ENGINE_VERSION} could not be installed`);
    return error.next.join("\n");
  };

  test("lists every source with its remedy without Go", async () => {
    const next = await failed();
    for (const reason of [
      "pulumi is not on PATH",
      "does not exist",
      "the installer is out of reach",
      "Go is not on PATH",
    ])
      expect(next).toContain(`- ${reason === "does not exist" ? `${at(...HOME_ENGINE)} ${reason}` : reason}`);
    for (const remedy of ["Reach it.", `Install Go ${GO_VERSION} or later`, "Install Pulumi"])
      expect(next).toContain(`- ${remedy}`);
  });

  test.each([
    [{ version: "go1.24.1" }, `Go must be ${GO_VERSION} or later; found go1.24.1`],
    [{ version: "go1.20.14", toolchain: "auto" }, `Go must be ${GO_VERSION} or later; found go1.20.14`],
    [{ build: 'echo "write x: no space left on device" >&2; exit 1' }, "the disk is full"],
    [
      { build: 'echo "Get https://p: dial tcp: lookup p: no such host" >&2; exit 1' },
      "the Go module proxy is out of reach",
    ],
    [{ build: 'echo "SECURITY ERROR" >&2; exit 1' }, "a Go module does not match go.sum"],
    [{ build: "echo what >&2; exit 3" }, "go build failed with 3: what"],
  ])("Go, but %j", async (go, reason) => {
    fakeGo(go);
    expect(await failed()).toContain(reason);
  });

  test("reports too little space for Go's caches", async () => {
    fakeGo();
    jest.spyOn(fs, "statfs").mockResolvedValueOnce({ bavail: 1000, bsize: 1_000_000 } as never);
    expect(await failed()).toContain("the build needs 2 GB in");
    expect(existsSync(at("arguments"))).toBe(false);
  });

  test("accepts an older Go that downloads toolchains", async () => {
    fakeGo({ version: "go1.21.0", toolchain: "auto" });
    await expect(ensureEngine({ env: env(), progress })).resolves.toMatchObject({ version: ENGINE_VERSION });
  });
});

test("go.mod, package.json and ENGINE_VERSION agree", () => {
  expect(read("ops/tools/engine/go.mod")).toContain(`github.com/pulumi/pulumi/pkg/v3 v${ENGINE_VERSION}\n`);
  expect(JSON.parse(read("package.json")).dependencies["@pulumi/pulumi"]).toBe(ENGINE_VERSION);
});

test("a policy pack ends when the engine that started it is killed", async () => {
  const start = join(__dirname, "../../../ops/tools/engine/analyzer/pulumi-analyzer-policy-nodejs");
  const folder = join(__dirname, "../../../policy");
  const engine = spawn("sh", ["-c", `"${start}" 127.0.0.1:1 "${folder}" & wait`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = await once(engine.stdout, "data");
  expect(Number(port)).toBeGreaterThan(0);
  engine.kill("SIGKILL");
  // The pack holds the output open.
  await once(engine, "close");
});
