import { execFile } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  Stack as AutomationStack,
  CommandError,
  ConcurrentUpdateError,
  type Deployment,
  type EngineEvent,
  LocalWorkspace,
  type OutputMap,
  PulumiCommand,
  type PulumiFn,
} from "@pulumi/pulumi/automation";
import { type Engine, findEngine } from "./engine";
import { UserError } from "./errors";
import { causesOf } from "./stacks/causes";
import { strayVariables } from "./stacks/environment";
import { changesIn } from "./stacks/plan";
import { type Operation, type RunResult, StackError, StackLocked, stderrOf } from "./stacks/run";
import { missingSalt, saltIn } from "./stacks/salt";

export { type Operation, type RunResult, StackError, StackLocked } from "./stacks/run";

const execute = promisify(execFile);

/** The folder of Pulumi.yaml. */
export const PROJECT_FOLDER = join(__dirname, "..");

export interface StackOptions {
  /** The stack, for example `"dev"`; its settings are read from `Pulumi.<name>.yaml` if there is one. */
  readonly name: string;
  /** Settings on top of that file, by their full key: `{ "entra-access:protect": false }`. */
  readonly config?: StackConfig;
  /** The providers' environment; other ARM_*, CLOUDFLARE_*, PULUMI_* variables of this process are kept out. */
  readonly env: Readonly<Record<string, string>>;
  /** Where state and copies of the settings are kept; made if missing. Nothing is written anywhere else. */
  readonly directory: string;
  /** The Pulumi home with the plugins. */
  readonly pulumiHome: string;
  /** Encrypts the secrets in the state; default `""`. */
  readonly passphrase?: string;
  /** Default: `index.ts`, as the Pulumi CLI runs it. */
  readonly program?: PulumiFn;
  /** Default: the folder of this repository's Pulumi.yaml. */
  readonly projectFolder?: string;
  /** Default: the engine of this machine, which must be there already. */
  readonly engine?: Engine;
  /** Stops the running engine, which then fails. */
  readonly signal?: AbortSignal;
}

/** A stack where its people keep it. */
export interface OwnStackOptions {
  /** Default: the one that `pulumi stack select` chose. */
  readonly name?: string | undefined;
  /** The folder of Pulumi.yaml, Pulumi.<stack>.yaml and index.ts; default: this repository's. */
  readonly projectFolder?: string;
  /** On top of this process's environment: backend, passphrase and sign-in are found there as `pulumi` finds them. */
  readonly env?: Readonly<Record<string, string>>;
  readonly engine?: Engine;
  readonly signal?: AbortSignal;
}

export type StackConfig = Readonly<Record<string, unknown>>;

/**
 * A stack that the engine runs with the program in this process (an inline program): it needs no language host, and
 * the project's settings are those of Pulumi.yaml. Runs of one process go one after the other.
 */
export class Stack {
  private constructor(
    private readonly stack: AutomationStack,
    private readonly program: PulumiFn,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** Opens the stack that a person works on, with their settings; makes and changes nothing. */
  static async openOwn(options: OwnStackOptions = {}): Promise<Stack> {
    const { projectFolder: workDir = PROJECT_FOLDER, env: envVars = {}, signal } = options;
    const engine = options.engine ?? (await findEngine());
    const pulumiCommand = await PulumiCommand.get(engine.root ? { root: engine.root } : {});
    const program = programIn(workDir, { ...process.env, ...envVars });
    const workspace = await LocalWorkspace.create({ workDir, pulumiCommand, program, envVars });
    const asking = { cwd: workDir, env: { ...process.env, ...envVars } };
    const ask = async (...args: string[]) => (await execute(engine.command, args, asking)).stdout.trim();
    // The SDK's own way would change which stack is the selected one, for everybody in this folder.
    workspace.selectStack = async (stack) => void (await ask("stack", "--show-name", "--stack", stack));
    try {
      const name = options.name ?? (await ask("stack", "--show-name"));
      const stack = await AutomationStack.select(name, workspace);
      const salt = await unnoticedSalt(stack, ask);
      if (salt) throw missingSalt(name, salt);
      return new Stack(stack, program, signal);
    } catch (error) {
      if (error instanceof UserError) throw error;
      const which = options.name ? `stack ${options.name}` : "the selected stack";
      throw new UserError(`${which} could not be opened: ${causesOf([stderrOf(error as Error)])[0]}`, [
        "pulumi stack ls lists the stacks there are, pulumi stack init <name> makes one.",
      ]);
    }
  }

  /** Opens the stack, and makes it in `directory` if it is not there. */
  static async open(options: StackOptions): Promise<Stack> {
    const { name, directory, projectFolder = PROJECT_FOLDER } = options;
    const engine = options.engine ?? (await findEngine());
    const pulumiCommand = await PulumiCommand.get(engine.root ? { root: engine.root } : {});
    const project = await LocalWorkspace.create({ workDir: projectFolder, pulumiCommand });
    const projectSettings = await project.projectSettings();
    const settings = existsSync(join(projectFolder, `Pulumi.${name}.yaml`))
      ? await project.stackSettings(name)
      : {};
    const state = join(directory, "state");
    const workDir = join(directory, "project");
    for (const folder of [state, workDir]) mkdirSync(folder, { recursive: true });
    const envVars = {
      ...Object.fromEntries(strayVariables(process.env).map((variable) => [variable, undefined])),
      PULUMI_HOME: options.pulumiHome,
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: options.passphrase ?? "",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      ...options.env,
    } as Record<string, string>;
    const config = { ...settings.config, ...options.config };
    const program = options.program ?? programIn(projectFolder, envVars);
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: name, projectName: projectSettings.name, program },
      {
        workDir,
        pulumiCommand,
        projectSettings,
        stackSettings: { [name]: { ...settings, config } },
        envVars,
      },
    ).catch((error: Error) => {
      throw new UserError(
        `stack ${name} could not be opened: ${causesOf([stderrOf(error)])[0] ?? error.message}`,
      );
    });
    const asking = { cwd: workDir, env: { ...process.env, ...envVars } };
    const encryptionSalt = await unnoticedSalt(
      stack,
      async (...args) => (await execute(engine.command, args, asking)).stdout,
    );
    if (encryptionSalt) {
      const { workspace } = stack;
      await workspace.saveStackSettings(name, { ...(await workspace.stackSettings(name)), encryptionSalt });
    }
    return new Stack(stack, program, options.signal);
  }

  get name(): string {
    return this.stack.name;
  }

  /** The tag that the Entra application carries, and what the names of its client secrets begin with. */
  async mark(): Promise<string> {
    const { name: project } = await this.stack.workspace.projectSettings();
    return `entra-access:${project}/${this.name}`;
  }

  /** What the providers are configured with: every setting as text, secrets decrypted, and their environment. */
  async providerSettings(): Promise<{ config: Record<string, string>; env: NodeJS.ProcessEnv }> {
    const all = Object.entries(await this.stack.getAllConfig());
    const config = Object.fromEntries(all.map(([key, { value }]) => [key, value]));
    return { config, env: { ...process.env, ...this.stack.workspace.envVars } };
  }

  /** The settings of the stack, by full key. */
  async config(): Promise<StackConfig> {
    return (await this.stack.workspace.stackSettings(this.stack.name)).config ?? {};
  }

  /** Changes settings for the runs that follow. */
  async configure(config: StackConfig): Promise<void> {
    const { workspace, name } = this.stack;
    const current = await workspace.stackSettings(name);
    await workspace.saveStackSettings(name, { ...current, config: { ...current.config, ...config } });
  }

  /** Changes one setting as `pulumi config set --path` does, in the stack's file. */
  set(path: string, value: string | number): Promise<void> {
    return this.stack.setConfig(path, { value: String(value) }, true);
  }

  /** What `up` would do, with what changed in the clouds meanwhile (Pulumi.yaml: `refresh: always`). */
  preview(): Promise<RunResult> {
    return this.run("preview", (options) => this.stack.preview(options));
  }

  /** @param around puts something before the program; it runs while the engine holds the stack's lock */
  up(around: (program: PulumiFn) => PulumiFn = (program) => program): Promise<RunResult> {
    const program = around(this.program);
    return this.run("up", (options) => this.stack.up({ ...options, program }));
  }

  /**
   * Takes over into the state what the clouds hold.
   *
   * @param clearPendingCreates forgets what was being made when a run died
   */
  refresh({ clearPendingCreates = false } = {}): Promise<RunResult> {
    return this.run("refresh", (options) => this.stack.refresh({ ...options, clearPendingCreates }));
  }

  /** Takes every lock off the stack, whoever holds it. */
  unlock(): Promise<void> {
    return this.stack.cancel();
  }

  destroy(): Promise<RunResult> {
    return this.run("destroy", (options) => this.stack.destroy(options));
  }

  /** Values are in clear text, with a flag on those that are secret. */
  outputs(): Promise<OutputMap> {
    return this.stack.outputs();
  }

  /** The state with its secrets in clear text: not for a file, a log or a report. */
  async export(): Promise<Deployment> {
    return this.stack.exportStack();
  }

  /** Puts another state in place of this one, for example what {@link Stack.export} gave. */
  import(state: Deployment): Promise<void> {
    return this.stack.importStack(state);
  }

  private async run(
    operation: Operation,
    start: (options: RunOptions) => Promise<unknown>,
  ): Promise<RunResult> {
    const events: EngineEvent[] = [];
    let output = "";
    const options: RunOptions = {
      color: "never",
      onEvent: (event) => events.push(event),
      onOutput: (text) => {
        output += text;
      },
      onError: (text) => {
        output += text;
      },
      ...(this.signal ? { signal: this.signal } : {}),
    };
    const result = () => ({
      changes: changesIn(events),
      warnings: diagnostics(events, "warning"),
      output,
    });
    try {
      await start(options);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      if (error instanceof ConcurrentUpdateError) throw new StackLocked(operation, stderrOf(error), result());
      const said = causesOf(diagnostics(events, "error"));
      throw new StackError(operation, said.length > 0 ? said : causesOf([stderrOf(error)]), result());
    }
    return result();
  }
}

/** The state's salt, where the stack's settings lack it. */
async function unnoticedSalt(
  { name, workspace }: AutomationStack,
  ask: (...args: string[]) => Promise<string>,
): Promise<string | undefined> {
  if ((await workspace.stackSettings(name)).encryptionSalt) return undefined;
  return saltIn(await ask("stack", "export", "--stack", name));
}

interface RunOptions {
  color: "never";
  onEvent: (event: EngineEvent) => void;
  onOutput: (text: string) => void;
  onError: (text: string) => void;
  signal?: AbortSignal;
}

/** The project's program, in the environment that the CLI would run it in. */
function programIn(folder: string, env: NodeJS.ProcessEnv): PulumiFn {
  const program = require(join(folder, "index"));
  return () => program({ env });
}

/** Debug diagnostics carry secrets in clear text at any verbosity: only those asked for come out of here. */
function diagnostics(events: readonly EngineEvent[], severity: "warning" | "error"): string[] {
  return events.flatMap(({ diagnosticEvent: said }) =>
    said?.severity === severity ? [said.message.replace(/<\{%.*?%\}>/g, "")] : [],
  );
}
