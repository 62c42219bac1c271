import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStateFile } from "../../ops/stacks/state/state-file";
import { findEngine } from "../../ops/tools/engine";

test("the file of a state says what `pulumi stack export` prints, pending creates included", async () => {
  const { command } = await findEngine();
  const folder = mkdtempSync(join(tmpdir(), "entra-access-state-"));
  const backend = `file://${folder}`;
  const env = {
    ...process.env,
    PULUMI_HOME: folder,
    PULUMI_BACKEND_URL: backend,
    PULUMI_CONFIG_PASSPHRASE: "",
  };
  const run = (args: string[], input?: string) =>
    execFileSync(command, args, { cwd: folder, env, input, encoding: "utf8", stdio: "pipe" });
  try {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: payments\nruntime: nodejs\n");
    run(["stack", "init", "dev"]);
    const state = JSON.parse(run(["stack", "export"]));
    const type = "pulumi:pulumi:Stack";
    const resource = { urn: `urn:pulumi:dev::payments::${type}::payments-dev`, custom: false, type };
    state.deployment.resources = [resource];
    state.deployment.pending_operations = [{ resource, type: "creating" }];
    run(["stack", "import"], JSON.stringify(state));
    expect(readStateFile({ folder, project: "payments" }, "dev")).toEqual(
      JSON.parse(run(["stack", "export"])),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
