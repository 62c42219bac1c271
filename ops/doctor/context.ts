import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { JobName } from "../../config/deployer/jobs";
import { readOnce } from "../checks/context";
import {
  acquireGraphToken,
  findEntraCloud,
  type ProviderConfiguration,
  signInToCloudflare,
} from "../clients/deployer";
import { PROJECT_FOLDER, Stack } from "../stacks";
import { findProjectKey } from "../stacks/settings/project-setting";
import { type Engine, findEngine } from "../tools/engine";

export interface DoctorOptions {
  /** Name of the stack; default: the selected one. */
  readonly stack?: string | undefined;
  /** The job that the identity is for. Default: deploy. */
  readonly job?: JobName | undefined;
  /** The folder of Pulumi.yaml; default: this repository's. */
  readonly projectFolder?: string | undefined;
  readonly env?: NodeJS.ProcessEnv;
  /** Default: the one of this machine. */
  readonly engine?: Engine;
  /** Default: as `pulumi` opens it. */
  readonly open?: (engine: Engine) => Promise<Stack>;
}

/** Machine, engine, stack and sign-in of the deployer. Each is read on first use, and only once. */
export class DoctorContext {
  readonly env: NodeJS.ProcessEnv;
  readonly job: JobName;

  constructor(private readonly options: DoctorOptions = {}) {
    this.env = options.env ?? process.env;
    this.job = options.job ?? "deploy";
  }

  private get folder(): string {
    return this.options.projectFolder ?? PROJECT_FOLDER;
  }

  readonly engine = readOnce(async () => this.options.engine ?? findEngine({ env: this.env }));
  readonly stack = readOnce(async () => {
    const engine = await this.engine();
    const { open, stack: name } = this.options;
    return open?.(engine) ?? Stack.openExisting({ name, engine, projectFolder: this.folder });
  });
  /** Throws where the stack cannot be opened or its secrets cannot be decrypted. */
  readonly settings = readOnce(
    async (): Promise<ProviderConfiguration> => (await this.stack()).providerSettings(),
  );
  readonly graphToken = readOnce(async () => {
    const settings = await this.settings();
    return acquireGraphToken(settings, await findEntraCloud(settings));
  });

  /** Reads the time of the Microsoft cloud, because this machine's clock may be wrong. */
  async now(): Promise<Date> {
    return (await findEntraCloud(await this.settings())).now();
  }

  /** Runs a read-only command of the engine and returns its output. */
  async pulumi(...args: string[]): Promise<string> {
    const { command } = await this.engine();
    return (await promisify(execFile)(command, args, { cwd: this.folder, env: this.env })).stdout;
  }

  async cloudflare() {
    return signInToCloudflare(await this.settings());
  }

  /** Reads a setting of the stack's project, such as `accountId`. */
  async setting(name: string): Promise<string> {
    const { config } = await this.settings();
    return config[findProjectKey(config, name) ?? ""] ?? "";
  }

  /** Reads the Microsoft cloud that the azuread provider is configured for. */
  async environment(): Promise<string | undefined> {
    const { config, env } = await this.settings();
    return config["azuread:environment"] || env.ARM_ENVIRONMENT;
  }
}
