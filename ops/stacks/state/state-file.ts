import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Deployment } from "@pulumi/pulumi/automation";
import type { RunEngine } from "../engine-runner";
import { listEmptyAttributes, repairEmptyAttributes } from "./empty-attributes";
import type { FolderBackend } from "./folder-backend";

/** Engine 3.232.0 writes 4 where the stack uses a feature such as hooks; the export differs from the file alike. */
const VERSIONS: readonly unknown[] = [3, 4];

/**
 * Reads a stack's state as `pulumi stack export` prints it, without starting the engine.
 *
 * @returns undefined where it takes the engine: another form of the file, or none, or traces of an engine that was killed
 */
export function readStateFile(backend: FolderBackend, stack: string): Deployment | undefined {
  const path = join(backend.folder, ".pulumi/stacks", backend.project, `${stack}.json`);
  if (/[/\\]/.test(stack) || [".gz", ".zst"].some((suffix) => existsSync(path + suffix))) return undefined;
  try {
    if (listEmptyAttributes(backend, stack).length > 0) return undefined;
    const { version, features, checkpoint } = JSON.parse(readFileSync(path, "utf8"));
    if (!VERSIONS.includes(version) || !checkpoint.latest) return undefined;
    return { version, ...(features && { features }), deployment: checkpoint.latest };
  } catch {
    return undefined;
  }
}

/**
 * Lists the names of a project's stacks without starting the engine.
 *
 * @returns undefined where it takes the engine: another layout of the folder, another form of a file, or no stack yet
 */
export function listStateFiles({ folder, project }: FolderBackend): string[] | undefined {
  try {
    const layout = readFileSync(join(folder, ".pulumi/meta.yaml"), "utf8");
    const files = readdirSync(join(folder, ".pulumi/stacks", project));
    if (layout.trim() !== "version: 1" || files.some((file) => /\.(gz|zst)$/.test(file))) return undefined;
    return files.flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []).sort();
  } catch {
    return undefined;
  }
}

/** Exports a stack's state, from its file where there is one; repairs what a killed engine left beside it. */
export async function exportState(
  runEngine: RunEngine,
  backend: FolderBackend | undefined,
  stack: string,
): Promise<Deployment> {
  const state = backend && readStateFile(backend, stack);
  const read = async () => JSON.parse(await runEngine("stack", "export", "--stack", stack));
  return state ?? repairAndRetry(read, backend, stack);
}

/** Runs again, at most twice, what empty attributes have stopped: an engine that is at work writes them again and again. */
export function repairAndRetry<T>(
  run: () => Promise<T>,
  backend: FolderBackend | undefined,
  stack: string,
  retries = 2,
): Promise<T> {
  return run().catch((error: Error) => {
    if (retries === 0 || !repairEmptyAttributes(error, backend, stack)) throw error;
    return repairAndRetry(run, backend, stack, retries - 1);
  });
}
