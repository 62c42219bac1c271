import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeBackend } from "./backend";

describeBackend("a folder", async () => {
  const directory = mkdtempSync(join(tmpdir(), "entra-access-state-"));
  return {
    env: { PULUMI_BACKEND_URL: `file://${directory}` },
    close: async () => rmSync(directory, { recursive: true, force: true }),
  };
});
