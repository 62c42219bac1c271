import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { Engine } from "../tools/engine";
import type { RunLimits } from "./run-with-watchdog";

export interface StackOptions extends RunLimits {
  /** The stack, for example `"dev"`; its settings are read from `Pulumi.<name>.yaml` if there is one. */
  readonly name: string;
  /** Settings on top of that file, by their full key: `{ "entra-access:protect": false }`. */
  readonly config?: ConfigValues;
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
}

/** A stack where its people keep it. */
export interface ExistingStackOptions extends RunLimits {
  /** Default: the one that `pulumi stack select` chose. */
  readonly name?: string | undefined;
  /** The folder of Pulumi.yaml, Pulumi.<stack>.yaml and index.ts; default: this repository's. */
  readonly projectFolder?: string;
  /** On top of this process's environment: backend, passphrase and sign-in are found there as `pulumi` finds them. */
  readonly env?: Readonly<Record<string, string>>;
  readonly engine?: Engine;
}

export type ConfigValues = Readonly<Record<string, unknown>>;
