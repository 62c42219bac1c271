import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ProgressNote } from "../terminal/progress";
import { execFileAsync, isAtLeast, parseVersion, UnavailableError } from "./engine/source";

/** A program that a Go module of ours pins, with all that it is made of. */
export interface GoProgram {
  /** The folder of go.mod and go.sum. */
  readonly module: string;
  readonly package: string;
  /** Of `go build`, beside those that make the result the same on every machine. */
  readonly flags?: readonly string[];
  /** Gigabytes that a build from empty caches takes in each. */
  readonly space: Readonly<Record<"GOMODCACHE" | "GOCACHE", number>>;
}

export interface GoBuildOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly note: ProgressNote;
  /** Stops the build. */
  readonly signal?: AbortSignal | undefined;
}

/** The first Go that fetches the toolchain which a go.mod asks for. */
const FETCHES_TOOLCHAINS = [1, 21];

/** Builds it into the file `output`. Throws {@link UnavailableError}. */
export async function buildWithGo(
  program: GoProgram,
  output: string,
  options: GoBuildOptions,
): Promise<void> {
  const env = {
    ...options.env,
    // Same result on every machine: no C compiler, no workspace or flags of the user's own.
    CGO_ENABLED: "0",
    GOFLAGS: "-mod=readonly",
    GOWORK: "off",
  };
  await checkGo(program.module, env);
  await checkSpace(program.space, env);
  const args = ["build", "-trimpath", "-v", ...(program.flags ?? []), "-o", output, program.package];
  await goBuild(program.module, args, { ...options, env });
}

async function checkGo(module: string, env: NodeJS.ProcessEnv): Promise<void> {
  const needed = /^go (\S+)/m.exec(readFileSync(join(module, "go.mod"), "utf8"))?.[1] ?? "";
  const how = `Install Go ${needed} or later: https://go.dev/doc/install.`;
  // Asked outside of our module, where an old Go only says that it is too old.
  const answer = await execFileAsync("go", ["env", "GOVERSION", "GOTOOLCHAIN"], { env, cwd: tmpdir() }).catch(
    () => {
      throw new UnavailableError("Go is not on PATH", how);
    },
  );
  const [version = "", toolchain = ""] = answer.stdout.split("\n");
  const found = parseVersion(version);
  const fetches = toolchain !== "local" && isAtLeast(found, FETCHES_TOOLCHAINS);
  if (!isAtLeast(found, parseVersion(needed)) && !fetches)
    throw new UnavailableError(`Go ${needed} or later is needed, found ${version}`, how);
}

async function checkSpace(space: GoProgram["space"], env: NodeJS.ProcessEnv): Promise<void> {
  const { stdout } = await execFileAsync("go", ["env", "-json", ...Object.keys(space)], {
    env,
    cwd: tmpdir(),
  });
  for (const [name, folder] of Object.entries(JSON.parse(stdout) as Record<keyof typeof space, string>)) {
    const needed = space[name as keyof typeof space];
    const free = await freeGigabytes(folder);
    if (free < needed)
      throw new UnavailableError(
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

function goBuild(cwd: string, args: string[], { env, note, signal }: GoBuildOptions): Promise<void> {
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
      const said = log.trim().split("\n").at(-1);
      if (known) reject(new UnavailableError(`${known[1]} (go build: ${said})`, known[2]));
      else reject(new UnavailableError(`go build ended with ${killedBy ?? code}: ${said}`));
    });
  });
}
