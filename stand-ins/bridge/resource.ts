/** The definitions of resource types, functions and packages. */

import type { Bridge } from "./table/check";
import type { AbsenceRule } from "./table/diff";
import type { Table } from "./table/properties";
import type { Properties } from "./values";

export interface CreatedResource {
  id: string;
  outputs: Properties;
}

/** Inputs with the defaults, and the reasons why a check fails. */
export interface CheckedInputs {
  inputs: Properties;
  failures: string[];
}

/** A resource type with a client `C`. Inputs and state have no secret marks and no nulls. */
export interface ResourceType<C> {
  /** Inputs and outputs. */
  table: Table;
  /** Name in Terraform's schema, for messages of the real plugin. */
  terraform: string;
  /** The bridge's `__meta`, which lets the real plugin use the state. */
  meta?: string;
  /** Ids that can be imported; others do not exist for the bridge. Default: any. */
  importable?: RegExp;
  /** Adds inputs that follow from others. */
  completeInputs?(inputs: Properties): Properties;
  /** Checks rules between properties, in addition to the table. @returns the reasons of failures */
  validate?(inputs: Properties, name: string): string[];
  /** Does the lookups of the real plugin before planning, at preview and again at apply. Throws to refuse. */
  plan?(client: C, state: Properties | undefined, inputs: Properties): Promise<void>;
  create(client: C, inputs: Properties): Promise<CreatedResource>;
  /** Reads a resource; undefined if it does not exist. `imported`: there is no state, only an id. */
  read(client: C, id: string, state: Properties, imported: boolean): Promise<CreatedResource | undefined>;
  /** Absent if every change replaces. */
  update?(client: C, id: string, state: Properties, inputs: Properties): Promise<Properties>;
  delete(client: C, id: string, state: Properties): Promise<void>;
}

export interface FunctionDefinition<C> {
  table: Table;
  /** Checks rules between arguments. @returns the reasons of failures */
  validate?(args: Properties): string[];
  invoke(client: C, args: Properties): Promise<Properties>;
}

export interface PackageDefinition<C> {
  name: string;
  version: string;
  bridge: Bridge;
  /** Checks settings before any call and returns problems by setting. */
  checkConfig?(config: Record<string, string>): Record<string, string>;
  /** Settings that are secret in the provider's state, whatever the config says. */
  secretSettings: readonly string[];
  connect(config: Record<string, string>, signal: AbortSignal): Promise<C>;
  resources: Record<string, ResourceType<C>>;
  functions: Record<string, FunctionDefinition<C>>;
}

/** A resource that exists but is not finished: the engine keeps it in the state and updates it at the next `up`. */
export class UnfinishedResource extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly outputs: Properties,
  ) {
    super(message);
  }
}

export function getAbsenceRule(bridge: Bridge): AbsenceRule {
  return bridge === "sdk" ? "zero values" : "null only";
}
