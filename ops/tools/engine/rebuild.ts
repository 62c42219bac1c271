import { createHash } from "node:crypto";
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../errors";
import type { ProgressNote } from "../../terminal/progress";
import { buildEngine } from "./build";
import { type Engine, type EngineRequest, execFileAsync, UnavailableError } from "./source";

/** An engine compared with one that was built again. */
export interface RebuiltEngine {
  /** SHA-256 of the engine that is in use. */
  readonly present: string;
  readonly rebuilt: string;
  /** The version of Go that built each; the same is needed for the same hash. */
  readonly go: { readonly present: string; readonly rebuilt: string };
}

/**
 * Checks Go's module cache against go.sum, builds the engine again with an empty build cache, and compares the hashes.
 *
 * @throws UserError where a module was changed, or where it cannot be built
 */
export async function rebuildEngine(
  { command }: Engine,
  request: EngineRequest,
  note: ProgressNote,
): Promise<RebuiltEngine> {
  const folder = mkdtempSync(join(tmpdir(), "entra-access-engine-"));
  try {
    await verifyModules(request.env);
    const env = { ...request.env, GOCACHE: join(folder, "cache") };
    await buildEngine({ ...request, env }, folder, note);
    const rebuilt = join(folder, "bin", "pulumi");
    return {
      present: await hash(command),
      rebuilt: await hash(rebuilt),
      go: { present: await readGoVersion(command, env), rebuilt: await readGoVersion(rebuilt, env) },
    };
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    throw new UserError(error.message, error.next ? [error.next] : []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A build checks only what it downloads; this checks what is in the cache. */
async function verifyModules(env: NodeJS.ProcessEnv): Promise<void> {
  const options = { cwd: __dirname, env: { ...env, GOFLAGS: "-mod=readonly", GOWORK: "off" } };
  await execFileAsync("go", ["mod", "verify"], options).catch((error: Error & { stderr?: string }) => {
    const reason = (error.stderr || error.message).trim().split("\n")[0];
    throw new UserError(`Go's module cache must match go.sum: ${reason}`, ["Run: go clean -modcache"]);
  });
}

async function hash(file: string): Promise<string> {
  const sum = createHash("sha256");
  for await (const part of createReadStream(file)) sum.update(part as Buffer);
  return sum.digest("hex");
}

/** Reads the version of Go that built a program. */
async function readGoVersion(file: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await execFileAsync("go", ["version", file], { env }).catch(() => ({ stdout: "" }));
  return /: (go\S+)/.exec(stdout)?.[1] ?? "unknown";
}
