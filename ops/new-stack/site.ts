import { existsSync } from "node:fs";
import { join } from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import type Cloudflare from "cloudflare";
import type { Environment } from "../../config/target";
import { cloudflareAs, entraCloud } from "../clients/deployer";
import type { EntraCloud } from "../clients/entra";
import { type ListedStack, listStacks } from "../drift/fleet/stack-list";
import { UserError } from "../errors";
import { PROJECT_FOLDER } from "../stacks";
import { causesOf } from "../stacks/causes";
import { commandOf } from "../stacks/command";
import { stderrOf } from "../stacks/run";
import { type Engine, findEngine } from "../tools/engine";

export interface SiteOptions {
  /** The folder of Pulumi.yaml; default: this repository's. */
  readonly projectFolder?: string | undefined;
  /** On top of this process's environment: backend, passphrase and sign-in are found there as `pulumi` finds them. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the engine of this machine, which must be there already. */
  readonly engine?: Engine;
  /** Whatever was made until then is removed again. */
  readonly signal?: AbortSignal;
}

/** Where a stack is to be made, as far as it can be known before anybody is asked. */
export interface Site {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly engine: Engine;
  readonly signal: AbortSignal | undefined;
  /** Name of the project. */
  readonly project: string;
  /** Where the state is kept: a URL. */
  readonly backend: string;
  /** The project's other stacks. */
  readonly stacks: readonly ListedStack[];
  entra(environment: Environment): Promise<EntraCloud>;
  cloudflare(): Cloudflare;
}

/** @throws UserError where no stack could be made, whatever its settings */
export async function siteOf(options: SiteOptions): Promise<Site> {
  const { projectFolder: folder = PROJECT_FOLDER, env: given = {}, signal } = options;
  const env = { ...process.env, ...given };
  if (!existsSync(join(folder, "Pulumi.yaml")))
    throw new UserError(`there is no Pulumi.yaml in ${folder}`, ["-C names the folder of the project."]);
  const cloudflare = cloudflareAs({ config: {}, env });
  const engine = options.engine ?? (await findEngine());
  const workspace = await LocalWorkspace.create({
    workDir: folder,
    pulumiCommand: commandOf(engine),
    envVars: given,
  });
  const { name: project } = await workspace.projectSettings();
  const { url } = await workspace.whoAmI().catch((error: Error) => {
    throw new UserError(`no backend: ${causesOf([stderrOf(error)])[0]}`, [
      "Log in: pulumi login <url>, or set PULUMI_BACKEND_URL.",
    ]);
  });
  const backend = url ?? "Pulumi Cloud";
  refuseWithoutPassphrase(backend, env);
  return {
    folder,
    env,
    engine,
    signal,
    project,
    backend,
    stacks: await listStacks({ projectFolder: folder, engine, env: given }),
    entra: (environment) => entraCloud({ config: { "azuread:environment": environment }, env }),
    cloudflare: () => cloudflare,
  };
}

/** Only Pulumi Cloud keeps secrets itself. An empty passphrase is one. */
function refuseWithoutPassphrase(backend: string, env: NodeJS.ProcessEnv): void {
  if (/^(https?:|Pulumi Cloud)/.test(backend)) return;
  if (env.PULUMI_CONFIG_PASSPHRASE !== undefined || env.PULUMI_CONFIG_PASSPHRASE_FILE) return;
  throw new UserError(`no passphrase, and ${backend} keeps secrets only encrypted with one`, [
    "Set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE to the path of a file that holds it.",
  ]);
}

/** Somebody pressed Ctrl-C, and nothing is left. */
export class Interrupted extends UserError {
  constructor() {
    super("interrupted: nothing was made");
  }
}

export function stopIfInterrupted({ signal }: Pick<Site, "signal">): void {
  if (signal?.aborted) throw new Interrupted();
}
