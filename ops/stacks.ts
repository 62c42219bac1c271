import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Stack as AutomationStack,
  type Deployment,
  LocalWorkspace,
  type PulumiFn,
  type StackSettings,
} from "@pulumi/pulumi/automation";
import { findHint, UserError } from "./errors";
import { createEngineRunner, type RunEngine } from "./stacks/engine-runner";
import { unsetCloudVariables } from "./stacks/environment";
import type { ConfigValues, ExistingStackOptions, StackOptions } from "./stacks/options";
import { addAnalyzer, findPolicyPack, type PolicyPackOptions } from "./stacks/policy-pack";
import { loadProgram } from "./stacks/program";
import { createPulumiCommand } from "./stacks/pulumi-command";
import { extractCauses } from "./stacks/run/causes";
import { guardPrograms } from "./stacks/run/lost-engine";
import { extractStderr, type RunOptions, type RunResult, type StackOperation } from "./stacks/run/run";
import { type RunLimits, runWithWatchdog } from "./stacks/run/run-with-watchdog";
import { skipOutputQueries } from "./stacks/run/skip-output-queries";
import { requireProjectFile } from "./stacks/settings/project-file";
import { withTemporaryConfigFile } from "./stacks/settings/settings-file";
import { StackReader } from "./stacks/stack-reader";
import { CLEARING_MESSAGE } from "./stacks/state/history";
import { createMissingSaltError, readSalt } from "./stacks/state/salt";
import { repairAndRetry } from "./stacks/state/state-file";
import { findEngine } from "./tools/engine";

export type { ConfigValues, ExistingStackOptions, StackOptions } from "./stacks/options";
export { type RunResult, StackError, StackLockedError, type StackOperation } from "./stacks/run/run";

/** The folder of Pulumi.yaml. */
export const PROJECT_FOLDER = join(__dirname, "..");

type ProgramWrapper = (program: PulumiFn) => PulumiFn;
const unwrapped: ProgramWrapper = (program) => program;

/**
 * A stack whose program runs in this process (an inline program), without a language host. The project's settings are
 * those of Pulumi.yaml. The runs of one process must not overlap.
 */
export class Stack extends StackReader {
  private constructor(
    stack: AutomationStack,
    runEngine: RunEngine,
    /** Undefined where the engine runs the program with its language host. */
    private readonly program: PulumiFn | undefined,
    private readonly limits: RunLimits,
    /** Judges what `up` and its preview would create or change. */
    private readonly policyPack: PolicyPackOptions | undefined,
  ) {
    super(stack, runEngine);
  }

  /** Opens a stack in the user's own project folder and backend; changes nothing. */
  static async openExisting(options: ExistingStackOptions = {}): Promise<Stack> {
    const { projectFolder: workDir = PROJECT_FOLDER } = options;
    const envVars = { ...addAnalyzer({ ...process.env, ...options.env }), ...options.env };
    requireProjectFile(workDir);
    const engine = options.engine ?? (await findEngine());
    const pulumiCommand = createPulumiCommand(engine);
    const program = loadProgram(workDir, { ...process.env, ...envVars });
    const workspace = await LocalWorkspace.create({ workDir, pulumiCommand, program, envVars });
    const runEngine = createEngineRunner(engine, workDir, envVars);
    // The SDK's own method would change the selected stack for everybody in this folder.
    workspace.selectStack = async () => {};
    try {
      const name = options.name ?? (await runEngine("stack", "--show-name"));
      const selected = await AutomationStack.select(name, workspace);
      const policyPack = options.policyPack ? findPolicyPack(workDir) : undefined;
      const stack = new Stack(selected, runEngine, program, options, policyPack);
      // Fails where there is no such stack, or no backend. Most commands need the state anyway.
      const state = await stack.export();
      const salt = (await workspace.stackSettings(name)).encryptionSalt ? undefined : readSalt(state);
      if (salt) throw createMissingSaltError(name, salt);
      stack.opened = state;
      Object.assign(workspace.envVars, await options.attachPlugins?.(state));
      return stack;
    } catch (error) {
      if (error instanceof UserError) throw error;
      const which = options.name ? `stack ${options.name}` : "the selected stack";
      const [cause = ""] = extractCauses([extractStderr(error as Error)]);
      throw new UserError(
        `${which} could not be opened: ${cause}`,
        findHint(cause) ? [] : ["List the stacks: pulumi stack ls. Create one: npx entra-access new-stack"],
      );
    }
  }

  /** Opens a stack in `directory`; creates it if it does not exist. */
  static async open(options: StackOptions): Promise<Stack> {
    const { name, directory, projectFolder = PROJECT_FOLDER, languageHost } = options;
    const engine = options.engine ?? (await findEngine());
    const pulumiCommand = createPulumiCommand(engine);
    const project = await LocalWorkspace.create({ workDir: projectFolder, pulumiCommand });
    const projectSettings = await project.projectSettings();
    if (languageHost) projectSettings.main = projectFolder;
    const settings = existsSync(join(projectFolder, `Pulumi.${name}.yaml`))
      ? await project.stackSettings(name)
      : {};
    const state = join(directory, "state");
    const workDir = join(directory, "project");
    const backend = `file://${state}`;
    // Saves asking the engine for a stack that cannot exist yet.
    const isNew = !existsSync(state) && (options.env?.PULUMI_BACKEND_URL ?? backend) === backend;
    for (const folder of [state, workDir]) mkdirSync(folder, { recursive: true });
    const envVars = {
      ...unsetCloudVariables(process.env),
      PULUMI_HOME: options.pulumiHome,
      PULUMI_BACKEND_URL: backend,
      PULUMI_CONFIG_PASSPHRASE: options.passphrase ?? "",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      ...options.env,
      ...addAnalyzer({ ...process.env, ...options.env }),
    } as Record<string, string>;
    const config = { ...settings.config, ...options.config };
    const program = languageHost ? undefined : (options.program ?? loadProgram(projectFolder, envVars));
    const workspace = await LocalWorkspace.create({
      workDir,
      pulumiCommand,
      ...(program && { program }),
      projectSettings,
      envVars,
    });
    const { config: _, ...encryption } = isNew ? {} : await workspace.stackSettings(name).catch(() => ({}));
    const current: StackSettings = { ...encryption, ...settings, config };
    await workspace.saveStackSettings(name, current);
    // Saves asking the engine for a stack that can be seen to exist.
    if (existsSync(join(state, ".pulumi/stacks", projectSettings.name, `${name}.json`)))
      workspace.selectStack = async () => {};
    const stack = await AutomationStack[isNew ? "create" : "createOrSelect"](name, workspace).catch(
      (error: Error) => {
        throw new UserError(
          `stack ${name} could not be opened: ${extractCauses([extractStderr(error)])[0] ?? error.message}`,
        );
      },
    );
    const runEngine = createEngineRunner(engine, workDir, envVars);
    const policyPack = options.policyPack ? findPolicyPack(projectFolder) : undefined;
    const opened = new Stack(stack, runEngine, program, options, policyPack);
    const encryptionSalt = isNew || current.encryptionSalt ? undefined : readSalt(await opened.export());
    if (encryptionSalt) await workspace.saveStackSettings(name, { ...current, encryptionSalt });
    return opened;
  }

  /** True once the user has interrupted the command, so that no further run should start. */
  get isInterrupted(): boolean {
    return this.limits.signal?.aborted === true;
  }

  /** Changes config values for the runs that follow. */
  async configure(config: ConfigValues): Promise<void> {
    const { workspace, name } = this.stack;
    const current = await workspace.stackSettings(name);
    await workspace.saveStackSettings(name, { ...current, config: { ...current.config, ...config } });
  }

  /** Changes config values by path in Pulumi.<stack>.yaml, as `pulumi config set-all --path` does. */
  set(values: Readonly<Record<string, string | number>>): Promise<void> {
    const entries = Object.entries(values).map(([path, value]) => [path, { value: String(value) }]);
    return this.stack.setAllConfig(Object.fromEntries(entries), true);
  }

  get settingsFile(): string {
    return join(this.stack.workspace.workDir, `Pulumi.${this.name}.yaml`);
  }

  /**
   * Previews `up`, including drift (Pulumi.yaml: `refresh: always`).
   *
   * @param wrapProgram as for {@link Stack.up}
   * @param config used instead of the stack's config, which stays unchanged
   */
  async preview({
    wrapProgram = unwrapped,
    config,
  }: {
    wrapProgram?: ProgramWrapper;
    config?: ConfigValues;
  } = {}): Promise<RunResult> {
    const program = this.wrap(wrapProgram);
    if (!config)
      return this.run("preview", (stack, options) =>
        stack.preview({ ...options, ...this.policyPack, ...program }),
      );
    return withTemporaryConfigFile(
      { ...(await this.stack.workspace.stackSettings(this.name)), config },
      (configFile) =>
        this.run("preview", (stack, options) => stack.preview({ ...options, ...program, configFile })),
    );
  }

  /**
   * @param wrapProgram adds work before the program, which runs while the engine holds the stack's lock
   * @param exclude URNs of resources that stay as they are, even if the program does not declare them, so that no policy
   * judges them either; default: none
   */
  up(wrapProgram: ProgramWrapper = unwrapped, exclude: string[] = []): Promise<RunResult> {
    const program = this.wrap(wrapProgram);
    const judged = exclude.length === 0 ? this.policyPack : {};
    return this.run("up", (stack, options) => stack.up({ ...options, ...judged, ...program, exclude }));
  }

  /**
   * Updates the state from the clouds.
   *
   * @param clearPendingCreates removes the pending creates of an interrupted run
   */
  refresh({ clearPendingCreates = false } = {}): Promise<RunResult> {
    const message = clearPendingCreates ? { message: CLEARING_MESSAGE } : {};
    return this.run("refresh", (stack, options) =>
      stack.refresh({ ...options, ...message, clearPendingCreates }),
    );
  }

  /** Removes all locks of the stack, including those of other users and hosts. */
  unlock(): Promise<void> {
    return this.stack.cancel();
  }

  destroy(): Promise<RunResult> {
    return this.run("destroy", (stack, options) => stack.destroy(options));
  }

  /**
   * Replaces the state, for example by one from {@link Stack.export}. Fails while a run holds the stack's lock; what a run
   * changed since the export is lost.
   */
  async import(state: Deployment): Promise<void> {
    this.opened = undefined;
    // The SDK's own method would write the file where everybody can read it.
    const folder = mkdtempSync(join(tmpdir(), "entra-access-state-"));
    const path = join(folder, "state.json");
    try {
      writeFileSync(path, JSON.stringify(state), { mode: 0o600 });
      await this.runEngine("stack", "import", "--file", path, "--stack", this.name);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  private wrap(wrapProgram: ProgramWrapper): { program?: PulumiFn } {
    return this.program ? { program: wrapProgram(this.program) } : {};
  }

  private async run(
    operation: StackOperation,
    start: (stack: AutomationStack, options: RunOptions) => Promise<unknown>,
  ): Promise<RunResult> {
    if (operation !== "preview") this.opened = undefined;
    guardPrograms();
    const run = () =>
      runWithWatchdog(operation, (options) => start(skipOutputQueries(this.stack), options), this.limits);
    // The error comes before an operation changes anything.
    return repairAndRetry(run, await this.folderBackend(), this.name);
  }
}
