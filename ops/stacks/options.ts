import type { Deployment, PulumiFn } from "@pulumi/pulumi/automation";
import type { Engine } from "../tools/engine";
import type { RunLimits } from "./run/run-with-watchdog";

interface PolicyOption {
  /** Judges previews and updates by the project's policy pack, which takes a second more. Default: false. */
  readonly policyPack?: boolean;
}

export interface StackOptions extends RunLimits, PolicyOption {
  /** The stack, for example `"dev"`; its settings are read from `Pulumi.<name>.yaml` if there is one. */
  readonly name: string;
  /** Config values on top of that file, by full key: `{ "entra-access:protect": false }`. */
  readonly config?: ConfigValues;
  /** The providers' environment; the ARM_*, CLOUDFLARE_* and PULUMI_* variables of this process are not passed on. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder for the state and a copy of the config; created if missing. Nothing is written anywhere else. */
  readonly directory: string;
  /** The Pulumi home with the plugins. */
  readonly pulumiHome: string;
  /** Encrypts the secrets in the state; default `""`. */
  readonly passphrase?: string;
  /** Default: `index.ts`. */
  readonly program?: PulumiFn;
  /** Lets the engine run `index.ts` with its Node.js language host, as `pulumi up` does; nothing can wrap the program then. */
  readonly languageHost?: boolean;
  /** Default: the folder of this repository's Pulumi.yaml. */
  readonly projectFolder?: string;
  /** Default: the engine of this machine, which must be installed. */
  readonly engine?: Engine;
}

/** A stack in the user's own project folder and backend. */
export interface ExistingStackOptions extends RunLimits, PolicyOption {
  /** Default: the selected stack. */
  readonly name?: string | undefined;
  /** The folder of Pulumi.yaml, Pulumi.<stack>.yaml and index.ts; default: this repository's. */
  readonly projectFolder?: string;
  /** Added to the environment of this process, which has backend, passphrase and sign-in as for `pulumi`. */
  readonly env?: Readonly<Record<string, string>>;
  readonly engine?: Engine;
  /** Returns more of the environment for runs of the engine on a stack with this state. */
  readonly attachPlugins?: (state: Deployment) => Promise<Record<string, string>>;
}

/** Config values of a stack by full key. */
export type ConfigValues = Readonly<Record<string, unknown>>;
