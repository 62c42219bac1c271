import { execFile } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  Stack as AutomationStack,
  type Deployment,
  LocalWorkspace,
  type OutputMap,
  type PulumiFn,
} from "@pulumi/pulumi/automation";
import { UserError } from "./errors";
import { extractCauses } from "./stacks/causes";
import { createPulumiCommand } from "./stacks/pulumi-command";
import { type Engine, findEngine } from "./tools/engine";
import "./stacks/lost-engine";
import { repairEmptyAttributes } from "./stacks/empty-attributes";
import { listCloudVariables } from "./stacks/environment";
import type { ConfigValues, ExistingStackOptions, StackOptions } from "./stacks/options";
import { loadProgram } from "./stacks/program";
import { extractStderr, type RunOptions, type RunResult, type StackOperation } from "./stacks/run";
import { type RunLimits, runWithWatchdog } from "./stacks/run-with-watchdog";
import { createMissingSaltError, readSalt } from "./stacks/salt";
import { withTemporaryConfigFile } from "./stacks/settings-file";
import { skipOutputQueries } from "./stacks/skip-output-queries";
import { readOutputs } from "./stacks/state";

export type { ConfigValues, ExistingStackOptions, StackOptions } from "./stacks/options";
export { type RunResult, StackError, StackLockedError, type StackOperation } from "./stacks/run";

const execute = promisify(execFile);

/** The folder of Pulumi.yaml. */
export const PROJECT_FOLDER = join(__dirname, "..");

type Around = (program: PulumiFn) => PulumiFn;
const asItIs: Around = (program) => program;

/**
 * A stack that the engine runs with the program in this process (an inline program): it needs no language host, and
 * the project's settings are those of Pulumi.yaml. Runs of one process go one after the other.
 */
export class Stack {
  private constructor(
    private readonly stack: AutomationStack,
    private readonly program: PulumiFn,
    private readonly limits: RunLimits,
    /** Runs a command of the engine for the stack. @returns what it prints */
    private readonly ask: (...args: string[]) => Promise<string>,
  ) {}

  /** Opens the stack that a person works on, with their settings; makes and changes nothing. */
  static async openOwn(options: ExistingStackOptions = {}): Promise<Stack> {
    const { projectFolder: workDir = PROJECT_FOLDER, env: envVars = {} } = options;
    if (!existsSync(join(workDir, "Pulumi.yaml")))
      throw new UserError(`there is no Pulumi.yaml in ${workDir}`, ["-C names the folder of the project."]);
    const engine = options.engine ?? (await findEngine());
    const pulumiCommand = createPulumiCommand(engine);
    const program = loadProgram(workDir, { ...process.env, ...envVars });
    const workspace = await LocalWorkspace.create({ workDir, pulumiCommand, program, envVars });
    const ask = asking(engine, workDir, envVars);
    // The SDK's own way would change which stack is the selected one, for everybody in this folder.
    workspace.selectStack = async (stack) => void (await ask("stack", "--show-name", "--stack", stack));
    try {
      const name = options.name ?? (await ask("stack", "--show-name"));
      const select = () => AutomationStack.select(name, workspace);
      const { name: project } = await workspace.projectSettings();
      const stack = await select().catch(async (error: Error) => {
        if (!(await repairEmptyAttributes(error, workspace, project, name))) throw error;
        return select();
      });
      const salt = await unnoticedSalt(stack, ask);
      if (salt) throw createMissingSaltError(name, salt);
      return new Stack(stack, program, options, ask);
    } catch (error) {
      if (error instanceof UserError) throw error;
      const which = options.name ? `stack ${options.name}` : "the selected stack";
      throw new UserError(
        `${which} could not be opened: ${extractCauses([extractStderr(error as Error)])[0]}`,
        ["pulumi stack ls lists the stacks there are, pulumi stack init <name> makes one."],
      );
    }
  }

  /** Opens the stack, and makes it in `directory` if it is not there. */
  static async open(options: StackOptions): Promise<Stack> {
    const { name, directory, projectFolder = PROJECT_FOLDER } = options;
    const engine = options.engine ?? (await findEngine());
    const pulumiCommand = createPulumiCommand(engine);
    const project = await LocalWorkspace.create({ workDir: projectFolder, pulumiCommand });
    const projectSettings = await project.projectSettings();
    const settings = existsSync(join(projectFolder, `Pulumi.${name}.yaml`))
      ? await project.stackSettings(name)
      : {};
    const state = join(directory, "state");
    const workDir = join(directory, "project");
    // Where nothing is yet, the engine need not be asked for it first.
    const isNew = !existsSync(state);
    for (const folder of [state, workDir]) mkdirSync(folder, { recursive: true });
    const envVars = {
      ...Object.fromEntries(listCloudVariables(process.env).map((variable) => [variable, undefined])),
      PULUMI_HOME: options.pulumiHome,
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: options.passphrase ?? "",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      ...options.env,
    } as Record<string, string>;
    const config = { ...settings.config, ...options.config };
    const program = options.program ?? loadProgram(projectFolder, envVars);
    const open = isNew ? "createStack" : "createOrSelectStack";
    const stack = await LocalWorkspace[open](
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
        `stack ${name} could not be opened: ${extractCauses([extractStderr(error)])[0] ?? error.message}`,
      );
    });
    const ask = asking(engine, workDir, envVars);
    const encryptionSalt = isNew ? undefined : await unnoticedSalt(stack, ask);
    if (encryptionSalt) {
      const { workspace } = stack;
      await workspace.saveStackSettings(name, { ...(await workspace.stackSettings(name)), encryptionSalt });
    }
    return new Stack(stack, program, options, ask);
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
  async config(): Promise<ConfigValues> {
    return (await this.stack.workspace.stackSettings(this.stack.name)).config ?? {};
  }

  /** Changes settings for the runs that follow. */
  async configure(config: ConfigValues): Promise<void> {
    const { workspace, name } = this.stack;
    const current = await workspace.stackSettings(name);
    await workspace.saveStackSettings(name, { ...current, config: { ...current.config, ...config } });
  }

  /** Changes one setting as `pulumi config set --path` does, in the stack's file. */
  set(path: string, value: string | number): Promise<void> {
    return this.stack.setConfig(path, { value: String(value) }, true);
  }

  /** Path of Pulumi.<stack>.yaml. */
  get settingsFile(): string {
    return join(this.stack.workspace.workDir, `Pulumi.${this.name}.yaml`);
  }

  /**
   * What `up` would do, with what changed in the clouds meanwhile (Pulumi.yaml: `refresh: always`).
   *
   * @param around as for {@link Stack.up}
   * @param config in place of the stack's settings, which stay as they are
   */
  async preview({
    around = asItIs,
    config,
  }: {
    around?: Around;
    config?: ConfigValues;
  } = {}): Promise<RunResult> {
    const program = around(this.program);
    if (!config) return this.run("preview", (stack, options) => stack.preview({ ...options, program }));
    return withTemporaryConfigFile(
      { ...(await this.stack.workspace.stackSettings(this.name)), config },
      (configFile) =>
        this.run("preview", (stack, options) => stack.preview({ ...options, program, configFile })),
    );
  }

  /** @param around puts something before the program; it runs while the engine holds the stack's lock */
  up(around: Around = asItIs): Promise<RunResult> {
    const program = around(this.program);
    return this.run("up", (stack, options) => stack.up({ ...options, program }));
  }

  /**
   * Takes over into the state what the clouds hold.
   *
   * @param clearPendingCreates forgets what was being made when a run died
   */
  refresh({ clearPendingCreates = false } = {}): Promise<RunResult> {
    return this.run("refresh", (stack, options) => stack.refresh({ ...options, clearPendingCreates }));
  }

  /** Takes every lock off the stack, whoever holds it. */
  unlock(): Promise<void> {
    return this.stack.cancel();
  }

  destroy(): Promise<RunResult> {
    return this.run("destroy", (stack, options) => stack.destroy(options));
  }

  /** With a flag on those that are secret, which have no value. */
  async outputs(): Promise<OutputMap> {
    return readOutputs(await this.export());
  }

  /**
   * The state.
   *
   * @param secrets whether secrets are in it in clear text, which takes the engine twice as long: not for a file, a log or
   * a report. Default: false, as the state keeps them.
   */
  async export({ secrets = false } = {}): Promise<Deployment> {
    const { workspace, name } = this.stack;
    const read = async (): Promise<Deployment> =>
      secrets ? this.stack.exportStack() : JSON.parse(await this.ask("stack", "export", "--stack", name));
    return read().catch(async (error: Error) => {
      const { name: project } = await workspace.projectSettings();
      if (!(await repairEmptyAttributes(error, workspace, project, name))) throw error;
      return read();
    });
  }

  /** Puts another state in place of this one, for example what {@link Stack.export} gave. */
  import(state: Deployment): Promise<void> {
    return this.stack.importStack(state);
  }

  private run(
    operation: StackOperation,
    start: (stack: AutomationStack, options: RunOptions) => Promise<unknown>,
  ): Promise<RunResult> {
    return runWithWatchdog(
      operation,
      (options) => start(skipOutputQueries(this.stack), options),
      this.limits,
    );
  }
}

function asking({ command }: Engine, cwd: string, env: Readonly<Record<string, string | undefined>>) {
  const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 2 ** 30 };
  return async (...args: string[]) => (await execute(command, args, options)).stdout.trim();
}

/** The state's salt, where the stack's settings lack it. */
async function unnoticedSalt(
  { name, workspace }: AutomationStack,
  ask: (...args: string[]) => Promise<string>,
): Promise<string | undefined> {
  if ((await workspace.stackSettings(name)).encryptionSalt) return undefined;
  return readSalt(await ask("stack", "export", "--stack", name));
}
