import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { readOnce } from "../checks/context";
import { cloudflareAs, entraCloud, graphToken, type ProviderSettings } from "../clients/deployer";
import { PROJECT_FOLDER, Stack } from "../stacks";
import { ownKey } from "../stacks/own-setting";
import { type Engine, findEngine } from "../tools/engine";

export interface SurroundingsOptions {
  /** Name of the stack; default: the selected one. */
  readonly stack?: string | undefined;
  /** The folder of Pulumi.yaml; default: this repository's. */
  readonly projectFolder?: string | undefined;
  /** Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Default: the one of this machine. */
  readonly engine?: Engine;
  /** Default: as `pulumi` opens it. */
  readonly open?: (engine: Engine) => Promise<Stack>;
}

/** What the deployer works with: machine, engine, stack and sign-in. Each is looked at when it is asked for, once. */
export class Surroundings {
  readonly env: NodeJS.ProcessEnv;

  constructor(private readonly options: SurroundingsOptions = {}) {
    this.env = options.env ?? process.env;
  }

  private get folder(): string {
    return this.options.projectFolder ?? PROJECT_FOLDER;
  }

  readonly engine = readOnce(async () => this.options.engine ?? findEngine({ env: this.env }));
  readonly stack = readOnce(async () => {
    const engine = await this.engine();
    const { open, stack: name } = this.options;
    return open?.(engine) ?? Stack.openOwn({ name, engine, projectFolder: this.folder });
  });
  /** Throws where the stack cannot be opened, or its secrets not be read. */
  readonly settings = readOnce(
    async (): Promise<ProviderSettings> => (await this.stack()).providerSettings(),
  );
  readonly graphToken = readOnce(async () => {
    const settings = await this.settings();
    return graphToken(settings, await entraCloud(settings));
  });

  /** What the engine prints for a command that only looks. */
  async pulumi(...args: string[]): Promise<string> {
    const { command } = await this.engine();
    return (await promisify(execFile)(command, args, { cwd: this.folder, env: this.env })).stdout;
  }

  async cloudflare() {
    return cloudflareAs(await this.settings());
  }

  /** A setting of the stack's own project, such as `accountId`. */
  async setting(name: string): Promise<string> {
    const { config } = await this.settings();
    return config[ownKey(config, name) ?? ""] ?? "";
  }

  /** Microsoft's cloud, as the azuread provider is set to it. */
  async environment(): Promise<string | undefined> {
    const { config, env } = await this.settings();
    return config["azuread:environment"] || env.ARM_ENVIRONMENT;
  }
}
