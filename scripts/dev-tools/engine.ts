import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../ops/errors";
import { createRequest, ENGINE_VERSION } from "../../ops/tools/engine";
import { buildEngine } from "../../ops/tools/engine/build";
import { rebuildEngine } from "../../ops/tools/engine/rebuild";

/** Builds the engine twice, in two folders and with two caches. @returns their hash @throws UserError where they differ */
export async function buildEngineTwice(env = process.env): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "entra-access-first-engine-"));
  try {
    const request = createRequest({ env });
    mkdirSync(join(folder, "bin"));
    await buildEngine(request, folder, () => {});
    const first = { command: join(folder, "bin", "pulumi"), version: ENGINE_VERSION, source: "built" };
    const { present, rebuilt, go } = await rebuildEngine(first, request, () => {});
    if (present !== rebuilt)
      throw new UserError(`two builds of the engine must have one hash; found ${present} and ${rebuilt}`);
    return `sha256 ${present}, built twice with ${go.rebuilt}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
