import type { Deployment, OutputMap, Stack } from "@pulumi/pulumi/automation";
import { formatMark } from "../../config/mark";
import type { RunEngine } from "./engine-runner";
import type { ConfigValues } from "./options";
import { readPlainConfig } from "./settings/plain-config";
import { type FolderBackend, findFolderBackend } from "./state/folder-backend";
import { readInterruption } from "./state/history";
import { exportOtherStacks } from "./state/other-stacks";
import { readOutputs } from "./state/state";
import { exportState, repairAndRetry } from "./state/state-file";

/** Reads everything about a stack, and changes nothing: its settings, state and history, and the states of other stacks. */
export class StackReader {
  /** The state that opening the stack read, until this object starts an operation. */
  protected opened: Deployment | undefined;

  protected constructor(
    protected readonly stack: Stack,
    protected readonly runEngine: RunEngine,
  ) {}

  get name(): string {
    return this.stack.name;
  }

  async project(): Promise<string> {
    return (await this.stack.workspace.projectSettings()).name;
  }

  /**
   * Returns the tag of the stack's Entra application, with which the names of its client secrets begin.
   *
   * @param signIn the name of a sign-in that is not the only one of the stack to its tenant
   */
  async mark(signIn?: string): Promise<string> {
    return formatMark(await this.project(), this.name, signIn);
  }

  /** Returns the providers' configuration: every config value as text, secrets decrypted, and the environment. */
  async providerSettings(): Promise<{ config: Record<string, string>; env: NodeJS.ProcessEnv }> {
    const { workspace, name } = this.stack;
    const config =
      readPlainConfig(await workspace.projectSettings(), await workspace.stackSettings(name)) ??
      Object.fromEntries(
        Object.entries(await this.stack.getAllConfig()).map(([key, { value }]) => [key, value]),
      );
    return { config, env: { ...process.env, ...workspace.envVars } };
  }

  /** Fails where the passphrase or key of the stack's secrets is missing or wrong, also while the stack has no secret. */
  async requireSecrets(): Promise<void> {
    // Other commands of the engine notice it only at a secret.
    const page = ["--page", "1", "--page-size", "1"];
    await this.runEngine("stack", "history", "--show-secrets", "--stack", this.name, ...page);
  }

  async config(): Promise<ConfigValues> {
    return (await this.stack.workspace.stackSettings(this.stack.name)).config ?? {};
  }

  /** Reads the outputs; secret ones have no value. */
  async outputs(): Promise<OutputMap> {
    return readOutputs(await this.export());
  }

  /**
   * Exports the state, or returns the one that opening the stack read. Only for the first step of a command: another
   * process may have changed the state since.
   */
  async exportCached(): Promise<Deployment> {
    return this.opened ?? this.export();
  }

  /**
   * Exports the state; in a folder backend, reads its file.
   *
   * @param secrets decrypts secrets, which takes twice as long; never write such a state to a file, log or report.
   * Default: false
   */
  async export({ secrets = false } = {}): Promise<Deployment> {
    const backend = await this.folderBackend();
    if (secrets) return repairAndRetry(() => this.stack.exportStack(), backend, this.name);
    return exportState(this.runEngine, backend, this.name);
  }

  /** Returns the stack's backend where it is a folder. */
  protected async folderBackend(): Promise<FolderBackend | undefined> {
    const { workspace } = this.stack;
    return findFolderBackend(await workspace.projectSettings(), { ...process.env, ...workspace.envVars });
  }

  /** Reads from the history whether the newest run that changes resources did not end well. */
  wasInterrupted(): Promise<boolean> {
    return readInterruption(this.runEngine, this.name);
  }

  /** Exports the states of all other stacks of the backend. */
  async exportOthers(): Promise<Deployment[]> {
    return exportOtherStacks(this.runEngine, { project: await this.project(), name: this.name });
  }
}
