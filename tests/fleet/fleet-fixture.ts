import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCloudflareClient } from "../../ops/clients/cloudflare";
import type { Clouds } from "../../ops/clients/clouds";
import { createGraphClient } from "../../ops/clients/entra/client";
import { PROJECT_FOLDER, Stack } from "../../ops/stacks";
import { buildProviderEnvironment, listCloudVariables } from "../../ops/stacks/environment";
import { readOutputs } from "../../ops/stacks/state/state";
import { findEngine } from "../../ops/tools/engine";
import { attachStandIns } from "../../stand-ins/attach";
import { installStandIns } from "../../stand-ins/install";
import { manyOrganizations, type Seed, startTwin, type Twin } from "../../twin/index";
import { type Checkpoint, createCheckpointOf } from "../support/checkpoint";
import { type ProcessResult, runCommand } from "../support/command";
import { startKeyService } from "../support/key-service";
import { writeNewStack } from "../support/new-stack";

export type Team = ReturnType<typeof manyOrganizations>[number];

/** Many stacks of many teams in one project folder and one backend, with settings and sign-in per stack. */
export interface Fleet {
  readonly twin: Twin;
  readonly teams: readonly Team[];
  readonly projectFolder: string;
  readonly stateFolder: string;
  readonly env: Record<string, string>;
  /** The environment of a user, whose engine starts the plugins itself. */
  readonly envWithPlugins: Record<string, string>;
  /** Creates a stack of a team; deploys nothing. */
  add(name: string, team: Team, settings?: Record<string, unknown>): Promise<void>;
  open(name: string): Promise<Stack>;
  /** Adds settings to those of a stack. */
  set(name: string, settings: Record<string, unknown>): void;
  outputs(name: string): Promise<Record<string, string>>;
  /** Signs in to both clouds as the team's administrator; at Cloudflare that is {@link ANA}. */
  administrator(team: Team): Promise<Clouds>;
  /** Saves clouds, settings and states, to be restored any number of times. */
  checkpoint(): Checkpoint;
  /** Runs `npx entra-access` in the project, in this process. */
  command(...args: string[]): Promise<ProcessResult>;
  close(): Promise<void>;
}

export async function startFleet(count: number): Promise<Fleet> {
  const folder = mkdtempSync(join(tmpdir(), "entra-access-fleet-"));
  const [projectFolder, stateFolder] = [join(folder, "project"), join(folder, "state")];
  for (const path of [projectFolder, stateFolder]) mkdirSync(path);
  copyFileSync(join(PROJECT_FOLDER, "Pulumi.yaml"), join(projectFolder, "Pulumi.yaml"));
  const program = JSON.stringify(join(PROJECT_FOLDER, "index"));
  writeFileSync(join(projectFolder, "index.js"), `module.exports = require(${program});\n`);
  const teams = manyOrganizations(count);
  const twin = await startTwin({ seed: createSeed(teams) });
  const engine = await findEngine();
  const keyService = await startKeyService();
  const nobody = { tenantId: "", clientId: "", clientSecret: "", apiToken: "" };
  const base = {
    ...Object.fromEntries(listCloudVariables(process.env).map((name) => [name, ""])),
    ...buildProviderEnvironment(twin, nobody),
    PULUMI_HOME: join(folder, "pulumi"),
    PULUMI_BACKEND_URL: `file://${stateFolder}`,
    ...keyService.env,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  installStandIns(base.PULUMI_HOME);
  const standIns = await attachStandIns(base, ({ send }) => ({ send, wait: async () => {} }));
  const env = { ...base, ...standIns.env };
  const fileOf = (name: string) => join(projectFolder, `Pulumi.${name}.yaml`);
  const set = (name: string, settings: Record<string, unknown>) => {
    const lines = readFileSync(fileOf(name), "utf8").trim().split("\n");
    const kept = lines.filter((line) => !Object.keys(settings).some((key) => line.startsWith(`  ${key}:`)));
    const added = Object.entries(settings).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`);
    const head = kept.includes("config:") ? [] : ["config:"];
    writeFileSync(fileOf(name), [...kept, ...head, ...added, ""].join("\n"));
  };
  const open = (name: string) => Stack.openExisting({ name, projectFolder, env, engine });
  return {
    twin,
    teams,
    projectFolder,
    stateFolder,
    env,
    envWithPlugins: base,
    async add(name, { tenantId, accountId, teamName, deployer, tokens }, settings = {}) {
      writeNewStack(stateFolder, projectFolder, name);
      set(name, {
        "azuread:tenantId": tenantId,
        "azuread:clientId": deployer.appId,
        "azuread:clientSecret": deployer.secret,
        "cloudflare:apiToken": tokens.administrator.value,
        "entra-access:tenantId": tenantId,
        "entra-access:accountId": accountId,
        "entra-access:teamName": teamName,
        "entra-access:application": { displayName: name },
        "entra-access:identityProvider": { displayName: name },
        ...settings,
      });
    },
    open,
    set,
    async outputs(name) {
      const outputs = Object.entries(readOutputs(await (await open(name)).exportCached()));
      return Object.fromEntries(outputs.map(([key, { value }]) => [key, value]));
    },
    async administrator({ tenantId, accountId, teamName, administrator }) {
      const { appId: clientId, secret: clientSecret } = administrator;
      return {
        graph: await createGraphClient({ ...twin, tenantId, clientId, clientSecret }),
        cloudflare: createCloudflareClient({
          baseUrl: twin.cloudflareUrl,
          apiToken: tokenOfAna(teamName),
        }),
        accountId,
      };
    },
    checkpoint: () => createCheckpointOf(twin, [projectFolder, stateFolder], join(folder, "copy")),
    command: (...args) => runCommand([...args, "-C", projectFolder], env),
    async close() {
      standIns.close();
      await keyService.close();
      await twin.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The person who changes objects at Cloudflare by hand. */
export const ANA = "ana@contoso.example";
const tokenOfAna = (teamName: string) => `ana_at_${teamName}_not_a_real_token`.padEnd(40, "0");

/** The permissions that `drift` needs to check everything, in addition to those of a stack's token. */
const DRIFT_PERMISSIONS = ["Account Settings Read", "Cloudflare Tunnel Read", "Zero Trust Read"];

/** Creates a seed in which the deployers of all teams but the second may read the audit log of their directory. */
function createSeed(teams: readonly Team[]): Seed {
  return {
    tenants: teams.map(({ tenant, deployer }, i) => ({
      ...tenant,
      principals: tenant.principals.map((one) =>
        one.appId === deployer.appId && i !== 1
          ? { ...one, permissions: [...one.permissions, "AuditLog.Read.All"] }
          : one,
      ),
    })),
    accounts: teams.map(({ account, teamName, tokens: { administrator } }) => ({
      ...account,
      tokens: [
        ...account.tokens.filter(({ name }) => name !== administrator.name),
        { ...administrator, permissions: [...administrator.permissions, ...DRIFT_PERMISSIONS] },
        {
          name: "laptop",
          value: tokenOfAna(teamName),
          permissions: [...administrator.permissions, "Cloudflare Tunnel Write", "Zero Trust Write"],
          user: ANA,
        },
      ],
    })),
  };
}
