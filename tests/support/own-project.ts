import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT_FOLDER } from "../../ops/stacks";
import { buildProviderEnvironment } from "../../ops/stacks/environment";
import { findEngine } from "../../ops/tools/engine";
import { attachStandIns } from "../../stand-ins/attach";
import { contoso } from "../../twin/index";
import { type ProcessResult, runCommand } from "./command";
import type { EngineFixture } from "./engine-fixture";
import { startKeyService } from "./key-service";
import { writeNewStack } from "./new-stack";

/** A user's project: a folder, a stack in its own backend, and sign-in and passphrase in the environment. */
export interface OwnProject {
  readonly folder: string;
  /** Backend, passphrase and sign-in. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs `npx entra-access` there, in this process. */
  entraAccess(...args: string[]): Promise<ProcessResult>;
  /** Runs the engine there. */
  pulumi(...args: string[]): Promise<ProcessResult>;
  close(): void;
}

/** Creates a project with one stack, `team`, of Contoso with these settings. */
export async function createOwnProject(
  { twin, pulumiHome }: EngineFixture,
  settings: object,
): Promise<OwnProject> {
  const folder = mkdtempSync(join(tmpdir(), "entra-access-own-"));
  mkdirSync(join(folder, "state"));
  copyFileSync(join(PROJECT_FOLDER, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  writeFileSync(
    join(folder, "index.js"),
    `module.exports = require(${JSON.stringify(join(PROJECT_FOLDER, "index"))});`,
  );
  const { appId: clientId, secret: clientSecret } = contoso.deployer;
  const { tenantId, tokens } = contoso;
  const clouds = buildProviderEnvironment(twin, {
    tenantId,
    clientId,
    clientSecret,
    apiToken: tokens.deployer.value,
  });
  const [standIns, keyService] = [await attachStandIns(clouds), await startKeyService()];
  const env = {
    ...clouds,
    ...standIns.env,
    ...keyService.env,
    PULUMI_HOME: pulumiHome,
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "passphrase",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const { command } = await findEngine();
  const pulumi = (...args: string[]) =>
    new Promise<ProcessResult>((done) => {
      execFile(command, args, { cwd: folder, env: { ...process.env, ...env } }, (error, out, err) =>
        done({ code: error ? Number(error.code) : 0, out, err }),
      );
    });
  writeNewStack(join(folder, "state"), folder, "team");
  await pulumi("stack", "select", "team");
  const lines = Object.entries(settings).map(([key, value]) => `  entra-access:${key}: ${value}\n`);
  const file = join(folder, "Pulumi.team.yaml");
  writeFileSync(file, `${readFileSync(file, "utf8")}config:\n${lines.join("")}`);
  return {
    folder,
    env,
    pulumi,
    entraAccess: (...args) => runCommand([...args, "--cwd", folder], env),
    close() {
      standIns.close();
      void keyService.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
