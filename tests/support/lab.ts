import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import program from "../../index";
import { cloudflareClient } from "../../ops/clients/cloudflare";
import type { Clouds } from "../../ops/clients/clouds";
import { graphClient } from "../../ops/clients/entra";
import { type Operation, type RunResult, Stack, type StackConfig, type StackOptions } from "../../ops/stacks";
import { providerEnvironment } from "../../ops/stacks/environment";
import type { Change } from "../../ops/stacks/plan";
import { findEngine } from "../../ops/tools/engine";
import type { Surroundings } from "../../token-probe";
import { contoso, installStandIns, startTwin, type Twin, type TwinOptions } from "../../twin/index";
import { type Attached, attachStandIns } from "../../twin/providers/attach";

export type Organization = typeof contoso;

/** The twin, and stacks of the real engine on it. */
export interface Lab {
  readonly twin: Twin;
  /** Everything that the lab and its stacks write; gone when it closes. */
  readonly folder: string;
  /** A Pulumi home with the stand-in plugins, put there when it is asked for. */
  readonly pulumiHome: string;
  /** A stack of this organization, signed in as its deployer; state of its own, so that names may repeat. */
  stack(setup?: StackSetup): Promise<Stack>;
  /** Runs such a stack once, in a process of its own, and has to fail. */
  failure(operation: Operation, setup?: StackSetup): Promise<Failure>;
  /** Both clouds as the organization's administrator, who may change everything by hand. */
  administrator(of?: Organization): Promise<Clouds>;
  /** All files that the stacks left behind, by path: states and their histories, copies of settings, the plugins' home. */
  files(): Record<string, string>;
  close(): Promise<void>;
}

/** What differs from a stack `test` of Contoso with no settings but its target. */
export interface StackSetup extends Partial<StackOptions> {
  of?: Organization;
  /** What time the program takes it to be, and how it waits. */
  surroundings?: Pick<Surroundings, "now" | "wait">;
  /** The engine starts the plugins, in place of finding them in this process: to kill them with it. Default: false. */
  ownPlugins?: boolean;
}

/** How a run failed, and the state it left. */
export interface Failure {
  message: string;
  causes: string[];
  result: RunResult;
  state: { resources?: { urn: string }[] };
}

/** Long enough for a few runs of the engine on a busy machine. */
export const engineTimeout = 600_000;

const run = promisify(execFile);

/** Starts a lab for one test file, with a twin of these options. */
export async function startLab(twinOptions: Pick<TwinOptions, "now"> = {}): Promise<Lab> {
  const directory = mkdtempSync(join(tmpdir(), "entra-access-lab-"));
  const home = join(directory, "pulumi");
  const withPlugins = () => {
    installStandIns(home);
    return home;
  };
  const engine = await findEngine();
  const attached: Attached[] = [];
  const twin = await startTwin(twinOptions);
  let stacks = 0;
  const options = async ({
    of = contoso,
    config,
    surroundings,
    ownPlugins = false,
    ...others
  }: StackSetup): Promise<StackOptions> => {
    stacks += 1;
    const { appId: clientId, secret: clientSecret } = of.deployer;
    const { tenantId } = of;
    const deployer = { tenantId, clientId, clientSecret, apiToken: of.tokens.deployer.value };
    const forPlugins = { ...providerEnvironment(twin, deployer), ...others.env };
    const standIns = ownPlugins ? undefined : await attachStandIns(forPlugins);
    if (standIns) attached.push(standIns);
    const env = { ...forPlugins, ...standIns?.env };
    return {
      engine,
      name: "test",
      config: { ...target(of), ...config },
      directory: join(directory, `stack-${stacks}`),
      pulumiHome: ownPlugins ? withPlugins() : home,
      passphrase: "passphrase",
      ...(surroundings && { program: () => program({ ...surroundings, env }) }),
      ...others,
      env,
    };
  };
  return {
    twin,
    folder: directory,
    get pulumiHome() {
      return withPlugins();
    },
    stack: async (setup = {}) => Stack.open(await options(setup)),
    async failure(operation, setup = {}) {
      const chosen = await options(setup);
      const script = [require.resolve("./failing-run"), operation, JSON.stringify(chosen)];
      const { stdout } = await run(process.execPath, ["-r", "ts-node/register", ...script]);
      return JSON.parse(stdout) as Failure;
    },
    async administrator(of = contoso) {
      const { appId: clientId, secret: clientSecret } = of.administrator;
      return {
        graph: await graphClient({ ...twin, tenantId: of.tenantId, clientId, clientSecret }),
        cloudflare: cloudflareClient({ baseUrl: twin.cloudflareUrl, apiToken: of.tokens.deployer.value }),
        accountId: of.accountId,
      };
    },
    files() {
      const all = readdirSync(directory, { recursive: true, withFileTypes: true });
      const paths = all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      return Object.fromEntries(paths.map((path) => [relative(directory, path), readFileSync(path, "utf8")]));
    },
    async close() {
      for (const standIns of attached) standIns.close();
      await twin.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function target({ tenantId, accountId, teamName }: Organization): StackConfig {
  return {
    "entra-access:tenantId": tenantId,
    "entra-access:accountId": accountId,
    "entra-access:teamName": teamName,
  };
}

/** The changes as short lines, sorted: "update entra-application web.redirectUris[0]". */
export function told(changes: readonly Change[]): string[] {
  return changes
    .map(({ op, name, properties }) => [op, name, ...properties.map(({ path }) => path).sort()].join(" "))
    .sort();
}
