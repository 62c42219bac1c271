import { LocalWorkspace } from "@pulumi/pulumi/automation";
import type { Environment } from "../../config/target";
import type { CloudflareClient } from "../clients/cloudflare";
import { findEntraCloud, signInToCloudflare } from "../clients/deployer";
import type { EntraCloud } from "../clients/entra/client";
import { InterruptedError, UserError } from "../errors";
import { type ListedStack, listStacks } from "../fleet/stack-list";
import { PROJECT_FOLDER } from "../stacks";
import { createPulumiCommand } from "../stacks/pulumi-command";
import { extractCauses } from "../stacks/run/causes";
import { extractStderr } from "../stacks/run/run";
import { requireProjectFile } from "../stacks/settings/project-file";
import { type Engine, findEngine } from "../tools/engine";

export interface NewStackContextOptions {
  /** The folder of Pulumi.yaml; default: this repository's. */
  readonly projectFolder?: string | undefined;
  /** Added to the environment of this process, which has backend, passphrase and sign-in as for `pulumi`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the engine of this machine, which must be installed. */
  readonly engine?: Engine;
  /** Aborting it removes the files and the stack that were created. */
  readonly signal?: AbortSignal;
}

/** Project, backend and clouds of a new stack: what can be known before its questions are asked. */
export interface NewStackContext {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly engine: Engine;
  readonly signal: AbortSignal | undefined;
  readonly project: string;
  /** URL of the backend. */
  readonly backend: string;
  /** The project's other stacks. */
  readonly stacks: readonly ListedStack[];
  entra(environment: Environment): Promise<EntraCloud>;
  cloudflare(): CloudflareClient;
}

/** @throws UserError where no stack can be created, whatever the answers */
export async function prepareNewStack(options: NewStackContextOptions): Promise<NewStackContext> {
  const { projectFolder: folder = PROJECT_FOLDER, env: addedEnv = {}, signal } = options;
  const env = { ...process.env, ...addedEnv };
  requireProjectFile(folder);
  const cloudflare = signInToCloudflare({ config: {}, env });
  const engine = options.engine ?? (await findEngine());
  const workspace = await LocalWorkspace.create({
    workDir: folder,
    pulumiCommand: createPulumiCommand(engine),
    envVars: addedEnv,
  });
  const { name: project } = await workspace.projectSettings();
  const { url } = await workspace.whoAmI().catch((error: Error) => {
    throw new UserError(`a backend is required: ${extractCauses([extractStderr(error)])[0]}`, [
      "Log in: pulumi login <url>, or set PULUMI_BACKEND_URL.",
    ]);
  });
  const backend = url ?? "Pulumi Cloud";
  requirePassphrase(backend, env);
  return {
    folder,
    env,
    engine,
    signal,
    project,
    backend,
    stacks: await listStacks({ projectFolder: folder, engine, env: addedEnv }),
    entra: (environment) => findEntraCloud({ config: { "azuread:environment": environment }, env }),
    cloudflare: () => cloudflare,
  };
}

/** Requires a passphrase, which may be empty, for every backend except Pulumi Cloud. */
function requirePassphrase(backend: string, env: NodeJS.ProcessEnv): void {
  if (/^(https?:|Pulumi Cloud)/.test(backend)) return;
  if (env.PULUMI_CONFIG_PASSPHRASE !== undefined || env.PULUMI_CONFIG_PASSPHRASE_FILE) return;
  throw new UserError(`a passphrase is required, because ${backend} stores secrets encrypted with one`, [
    "Set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE to the path of a file that holds it.",
  ]);
}

export function throwIfInterrupted({ signal }: Pick<NewStackContext, "signal">): void {
  if (signal?.aborted) throw new InterruptedError("interrupted; nothing was created");
}
