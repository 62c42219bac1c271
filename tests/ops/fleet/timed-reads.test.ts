import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readManagedInTime } from "../../../ops/fleet/timed-reads";
import { writeNewStack } from "../../support/new-stack";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "timed-reads-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: entra-access\nruntime: nodejs\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** An engine that never answers. */
const HANGING = "#!/bin/sh\nexec sleep 30\n";
const read = (limit: object = {}, command = "/nowhere/pulumi") => {
  const target = { accountId: "a" };
  const engine = { command, version: "3.232.0", source: "on PATH" };
  const env = { PULUMI_BACKEND_URL: `file://${folder}` };
  const location = { stack: "payments", target, projectFolder: folder, engine, env };
  return readManagedInTime(location, { timeoutMs: 50_000, ...limit });
};

describe("reading the state of a neighbor", () => {
  it("starts no engine where the backend is a folder", async () => {
    writeNewStack(folder, folder, "payments");
    const account = { accountId: "a", managedIds: [] };
    expect(await read()).toEqual({ stack: "payments", accountId: "a", account });
  });

  it("returns the cause instead of throwing when it fails", async () => {
    expect(await read()).toHaveProperty("cause", expect.stringMatching(/^\/nowhere\/pulumi does not run/));
    rmSync(join(folder, "Pulumi.yaml"));
    expect(await read()).toHaveProperty("cause", `there is no Pulumi.yaml in ${folder}`);
  });

  it("ends when it exceeds the timeout or is interrupted, before and during the read", async () => {
    const command = join(folder, "pulumi");
    writeFileSync(command, HANGING, { mode: 0o755 });
    expect(await read({ timeoutMs: 1 }, command)).toHaveProperty("cause", "it took longer than 0 seconds");
    const controller = new AbortController();
    const reading = read({ signal: controller.signal }, command);
    controller.abort();
    expect(await reading).toHaveProperty("cause", "interrupted");
    expect(await read({ signal: AbortSignal.abort() }, command)).toHaveProperty("cause", "interrupted");
  });
});
