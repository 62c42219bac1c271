/** What one resource type, one function and one package are made of. */

import type { Failure } from "./check";
import type { Absence } from "./diff";
import type { Table } from "./properties";
import type { Properties } from "./values";

export interface Created {
  id: string;
  outputs: Properties;
}

/** One resource type over a client `C`. Inputs and state come in plain: no secret marks, no nulls. */
export interface Resource<C> {
  /** Inputs and outputs; what is `output` in it is never an input. */
  table: Table;
  /** Name in Terraform's schema, as the real plugin's messages print it. */
  terraform: string;
  /** The bridge's `__meta`, kept so that the real plugin can take over a state of this one. */
  meta?: string;
  /** Ids that the real resource imports; the bridge answers "no such resource" to others. Default: any. */
  importable?: RegExp;
  /** Inputs that follow from other inputs. */
  complete?(inputs: Properties): Properties;
  /** Rules between properties, beyond the table. */
  validate?(inputs: Properties, name: string): Failure[];
  /** What the real plugin looks up before it plans, at preview and again at apply. Throws to refuse. */
  plan?(client: C, state: Properties | undefined, inputs: Properties): Promise<void>;
  create(client: C, inputs: Properties): Promise<Created>;
  /** `undefined` where the resource is gone. `imported`: there is no state, only the id that a person typed. */
  read(client: C, id: string, state: Properties, imported: boolean): Promise<Created | undefined>;
  /** Absent where every change replaces. */
  update?(client: C, id: string, state: Properties, inputs: Properties): Promise<Properties>;
  delete(client: C, id: string, state: Properties): Promise<void>;
}

export interface Invoked<C> {
  table: Table;
  /** Rules between arguments. */
  validate?(args: Properties): Failure[];
  invoke(client: C, args: Properties): Promise<Properties>;
}

/** The Pulumi bridge under the real plugin: it decides how absence is read and how errors are worded. */
export type Bridge = "sdk" | "framework";

export interface Package<C> {
  name: string;
  version: string;
  bridge: Bridge;
  /** Settings that are refused before any call: what is wrong, by the setting's name. */
  checkConfig?(config: Record<string, string>): Record<string, string>;
  /** Settings that become secret in the provider's state, whatever the config called them. */
  secretSettings: readonly string[];
  connect(config: Record<string, string>, signal: AbortSignal): Promise<C>;
  resources: Record<string, Resource<C>>;
  functions: Record<string, Invoked<C>>;
}

/** The resource exists but is not finished: the engine keeps it in the state and updates it at the next `up`. */
export class Unfinished extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly outputs: Properties,
  ) {
    super(message);
  }
}

export function absenceOf(bridge: Bridge): Absence {
  return bridge === "sdk" ? "zero values" : "null only";
}
