import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { coerce, gte } from "semver";
import type { ProgressNote } from "../terminal/progress";
import { execFileAsync, UnavailableError } from "./engine/source";

/** A program that a Go module in this repository pins with all its dependencies. */
export interface GoProgram {
  readonly module: string;
  readonly package: string;
  /** Additional flags of `go build`. */
  readonly flags?: readonly string[];
  /** Gigabytes that a build with empty caches needs in each cache. */
  readonly space: Readonly<Record<"GOMODCACHE" | "GOCACHE", number>>;
}

export interface GoBuildOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly note: ProgressNote;
  readonly signal?: AbortSignal | undefined;
}

/** The first version of Go that downloads the toolchain in go.mod. */
const DOWNLOADS_TOOLCHAINS = "1.21.0";

/** Builds a program into the file `output`. @throws UnavailableError */
export async function buildWithGo(
  program: GoProgram,
  output: string,
  options: GoBuildOptions,
): Promise<void> {
  const env = {
    ...options.env,
    // For the same result on every machine: no C compiler, no paths, no commit, and no workspace or flags of the user.
    CGO_ENABLED: "0",
    GOFLAGS: "-mod=readonly",
    GOWORK: "off",
  };
  await checkGo(program.module, env);
  await checkSpace(program.space, env);
  const args = [
    "build",
    "-trimpath",
    "-buildvcs=false",
    "-v",
    ...(program.flags ?? []),
    "-o",
    output,
    program.package,
  ];
  await runGoBuild(program.module, args, { ...options, env });
}

async function checkGo(module: string, env: NodeJS.ProcessEnv): Promise<void> {
  const needed = /^go (\S+)/m.exec(readFileSync(join(module, "go.mod"), "utf8"))?.[1] ?? "";
  const advice = `Install Go ${needed} or later: https://go.dev/doc/install.`;
  // Run outside of the module, in which an old Go only reports that it is too old.
  const result = await execFileAsync("go", ["env", "GOVERSION", "GOTOOLCHAIN"], { env, cwd: tmpdir() }).catch(
    () => {
      throw new UnavailableError("Go is not on PATH", advice);
    },
  );
  const [version = "", toolchain = ""] = result.stdout.split("\n");
  const actual = coerce(version) ?? "0.0.0";
  const canDownload = toolchain !== "local" && gte(actual, DOWNLOADS_TOOLCHAINS);
  if (!gte(actual, coerce(needed) ?? actual) && !canDownload)
    throw new UnavailableError(`Go must be ${needed} or later; found ${version}`, advice);
}

async function checkSpace(space: GoProgram["space"], env: NodeJS.ProcessEnv): Promise<void> {
  const { stdout } = await execFileAsync("go", ["env", "-json", ...Object.keys(space)], {
    env,
    cwd: tmpdir(),
  });
  for (const [name, folder] of Object.entries(JSON.parse(stdout) as Record<keyof typeof space, string>)) {
    const needed = space[name as keyof typeof space];
    const free = await readFreeGigabytes(folder);
    if (free < needed)
      throw new UnavailableError(
        `the build needs ${needed} GB in ${folder}; found ${free.toFixed(1)} GB`,
        `Free some space, or put Go's caches on another disk with ${name}.`,
      );
  }
}

async function readFreeGigabytes(folder: string): Promise<number> {
  const stats = await statfs(folder).catch(() => undefined);
  if (!stats) return readFreeGigabytes(dirname(folder));
  return (stats.bavail * stats.bsize) / 1e9;
}

const CAUSES: readonly (readonly [RegExp, string, string])[] = [
  [/no space left on device/, "the disk is full", "Free some space and run the command again."],
  [
    /dial tcp|lookup .*(no such host|server misbehaving)|connection refused|i\/o timeout|TLS handshake/,
    "the Go module proxy is out of reach",
    "Check the network, or set GOPROXY to a proxy that is reachable.",
  ],
  [
    /SECURITY ERROR|checksum mismatch/,
    "a Go module does not match go.sum",
    "Check GOPROXY, then: go clean -modcache.",
  ],
  [/signal: killed|cannot allocate memory/, "the build ran out of memory", "It needs about 2 GB of memory."],
];

function runGoBuild(cwd: string, args: string[], { env, note, signal }: GoBuildOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("go", args, { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
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
      const lastLine = log.trim().split("\n").at(-1);
      if (known) reject(new UnavailableError(`${known[1]} (go build: ${lastLine})`, known[2]));
      else reject(new UnavailableError(`go build failed with ${killedBy ?? code}: ${lastLine}`));
    });
  });
}
