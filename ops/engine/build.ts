import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Note } from "../progress";
import { atLeast, numbers, run, Unavailable, type Wanted } from "./source";

const PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
/** Measured from empty caches: modules and their archives, and compiled packages. */
const SPACE_GB = { GOMODCACHE: 2, GOCACHE: 1.5 };
/** The first Go that fetches the toolchain which a go.mod asks for. */
const FETCHES_TOOLCHAINS = [1, 21];

/** Builds the engine with Go into `root`/bin; minutes the first time. Throws {@link Unavailable}. */
export async function buildWithGo(wanted: Wanted, root: string, note: Note): Promise<void> {
  const env = {
    ...wanted.env,
    // Same result on every machine: no C compiler, no workspace or flags of the user's own.
    CGO_ENABLED: "0",
    GOFLAGS: "-mod=readonly",
    GOWORK: "off",
  };
  await checkGo(env);
  await checkSpace(env);
  const flags = ["-tags", "engine", "-trimpath", "-v"];
  const ldflags = `-s -w -X ${VERSION_VARIABLE}=v${wanted.version}`;
  const args = ["build", ...flags, "-ldflags", ldflags, "-o", join(root, "bin", "pulumi"), PACKAGE];
  await goBuild(args, env, note, wanted.signal);
}

async function checkGo(env: NodeJS.ProcessEnv): Promise<void> {
  const needed = /^go (\S+)/m.exec(readFileSync(join(__dirname, "go.mod"), "utf8"))?.[1] ?? "";
  const how = `Install Go ${needed} or later: https://go.dev/doc/install.`;
  // Asked outside of our module, where an old Go only says that it is too old.
  const answer = await run("go", ["env", "GOVERSION", "GOTOOLCHAIN"], { env, cwd: tmpdir() }).catch(() => {
    throw new Unavailable("Go is not on PATH", how);
  });
  const [version = "", toolchain = ""] = answer.stdout.split("\n");
  const found = numbers(version);
  const fetches = toolchain !== "local" && atLeast(found, FETCHES_TOOLCHAINS);
  if (!atLeast(found, numbers(needed)) && !fetches)
    throw new Unavailable(`Go ${needed} or later is needed, found ${version}`, how);
}

async function checkSpace(env: NodeJS.ProcessEnv): Promise<void> {
  const { stdout } = await run("go", ["env", "-json", ...Object.keys(SPACE_GB)], { env, cwd: tmpdir() });
  for (const [name, folder] of Object.entries(JSON.parse(stdout) as Record<keyof typeof SPACE_GB, string>)) {
    const needed = SPACE_GB[name as keyof typeof SPACE_GB];
    const free = await freeGigabytes(folder);
    if (free < needed)
      throw new Unavailable(
        `the build needs ${needed} GB in ${folder}, ${free.toFixed(1)} GB are free`,
        `Free some space, or put Go's caches on another disk with ${name}.`,
      );
  }
}

async function freeGigabytes(folder: string): Promise<number> {
  const found = await statfs(folder).catch(() => undefined);
  if (!found) return freeGigabytes(dirname(folder));
  return (found.bavail * found.bsize) / 1e9;
}

const CAUSES: readonly (readonly [RegExp, string, string])[] = [
  [/no space left on device/, "the disk is full", "Free some space and run the command again."],
  [
    /dial tcp|lookup .*(no such host|server misbehaving)|connection refused|i\/o timeout|TLS handshake/,
    "the Go module proxy is out of reach",
    "Check the network, or set GOPROXY to a proxy that you reach.",
  ],
  [
    /SECURITY ERROR|checksum mismatch/,
    "a Go module is not the one of go.sum",
    "Check GOPROXY, then: go clean -modcache.",
  ],
  [/signal: killed|cannot allocate memory/, "the build ran out of memory", "It needs about 2 GB of memory."],
];

function goBuild(
  args: string[],
  env: NodeJS.ProcessEnv,
  note: Note,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("go", args, { cwd: __dirname, env, stdio: ["ignore", "ignore", "pipe"] });
    const stop = () => child.kill();
    process.once("exit", stop);
    signal?.addEventListener("abort", stop);
    let compiled = 0;
    let log = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      log = (log + text).slice(-20_000);
      const lines = text.trimEnd().split("\n");
      // With -v Go prints one line per package, and "go: downloading <module> <version>" before that.
      compiled += lines.filter((line) => /^[\w.]+(\/\S+)*$/.test(line)).length;
      const last = lines.at(-1) ?? "";
      note(last.startsWith("go: ") ? last.slice("go: ".length) : `${compiled} packages compiled`);
    });
    child.on("error", reject);
    child.on("close", (code, killedBy) => {
      process.off("exit", stop);
      signal?.removeEventListener("abort", stop);
      if (code === 0) return resolve();
      const known = CAUSES.find(([pattern]) => pattern.test(log));
      const said = log.trim().split("\n").at(-1);
      if (known) reject(new Unavailable(`${known[1]} (go build: ${said})`, known[2]));
      else reject(new Unavailable(`go build ended with ${killedBy ?? code}: ${said}`));
    });
  });
}
