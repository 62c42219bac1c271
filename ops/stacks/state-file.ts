import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Deployment } from "@pulumi/pulumi/automation";
import { findEmptyAttributes } from "./empty-attributes";

/** The formats of a checkpoint file that holds what `pulumi stack export` prints. */
const VERSIONS: unknown[] = [3, 4];

/**
 * Reads a stack's state from a file backend, because `pulumi stack export` takes ten times as long for the same text.
 *
 * @param backend its URL
 * @returns undefined where only the engine can tell: another backend, a damaged or compressed file, one that is being
 * written, a stack that was never deployed
 */
export function readStateFile(
  backend: string | undefined,
  project: string,
  stack: string,
): Deployment | undefined {
  if (!backend?.startsWith("file:///") || backend.includes("?")) return undefined;
  const path = join(backend.slice("file://".length), ".pulumi/stacks", project, `${stack}.json`);
  // The engine fails because of them, and the error is what makes the caller remove them.
  if (existsSync(`${path}.gz`) || findEmptyAttributes(backend, project, stack).length > 0) return undefined;
  try {
    const { checkpoint, ...format } = JSON.parse(readFileSync(path, "utf8"));
    const { latest: deployment } = checkpoint;
    return VERSIONS.includes(format.version) && deployment ? { ...format, deployment } : undefined;
  } catch {
    return undefined;
  }
}
