/**
 * A package's operations on plain JavaScript values, with the bridge's manners: secrets marked, unknowns planned,
 * errors worded as the real plugins word them. `plugin.ts` puts this behind gRPC; tests call it directly.
 */

import { setMaxListeners } from "node:events";
import { check, type Failure } from "./check";
import { type Changes, compare } from "./diff";
import { importedInputs, outputsOf, planned, refreshedInputs, unsetToNull } from "./planning";
import { markSecrets, withDefaults } from "./properties";
import { absenceOf, type Created, type Package, type Resource, Unfinished } from "./resource";
import { checkSettings, settingsIn } from "./settings";
import { hasUnknown, keepSecrets, type Properties, plainProperties, UNKNOWN } from "./values";

export interface Checked {
  inputs: Properties;
  failures: Failure[];
}
export interface ReadBack extends Created {
  inputs: Properties;
}

export interface Invocation {
  outputs: Properties;
  failures: Failure[];
}

export class StandIn<C> {
  private client: C | undefined;
  private readonly stopping = new AbortController();

  constructor(readonly definition: Package<C>) {
    // Each call that is under way listens, and the engine makes as many as it likes.
    setMaxListeners(0, this.stopping.signal);
  }

  checkConfig(urn: string, inputs: Properties): Checked {
    return checkSettings(this.definition, nameOf(urn), inputs);
  }

  /** Signs in, or throws what the engine will report at the first use of the provider. */
  async configure(inputs: Properties): Promise<void> {
    this.client = await this.worded("", () =>
      this.definition.connect(settingsIn(inputs), this.stopping.signal),
    );
  }

  /** Ends the calls that are under way. */
  cancel(): void {
    this.stopping.abort();
  }

  check(urn: string, news: Properties, olds: Properties = {}): Checked {
    const { table, validate } = this.resource(urn);
    const { bridge } = this.definition;
    const { inputs, failures } = check(table, plainProperties(news), nameOf(urn), bridge);
    if (failures.length === 0 && validate) failures.push(...validate(inputs, nameOf(urn)));
    const filled = withDefaults(table, inputs, bridge === "sdk", olds);
    return { inputs: markSecrets(table, keepSecrets(filled, news) as Properties), failures };
  }

  async diff(urn: string, state: Properties, news: Properties): Promise<Changes> {
    const resource = this.resource(urn);
    const [old, inputs] = [plainProperties(state), this.inputs(resource, news)];
    await this.plan(urn, old, inputs);
    return compare(resource.table, old, inputs, absenceOf(this.definition.bridge));
  }

  /** At preview the id is empty and what the service decides is unknown. */
  async create(urn: string, news: Properties, preview: boolean): Promise<Created> {
    const resource = this.resource(urn);
    const inputs = this.inputs(resource, news);
    await this.plan(urn, undefined, inputs);
    if (preview)
      return {
        id: "",
        outputs: this.outputs(resource, { id: UNKNOWN, ...planned(resource.table, undefined, inputs) }, news),
      };
    const created = await this.attempt(urn, "creating", news, () => resource.create(this.connected, inputs));
    return {
      id: created.id,
      outputs: this.outputs(resource, this.asPlanned(resource, inputs, created.outputs), news),
    };
  }

  /** `undefined` where the resource is gone. Without state it is an import, by an id that a person typed. */
  async read(
    urn: string,
    id: string,
    state: Properties,
    oldInputs: Properties,
  ): Promise<ReadBack | undefined> {
    const resource = this.resource(urn);
    const imported = Object.keys(state).length === 0;
    if (imported && resource.importable?.test(id) === false) return undefined;
    const found = await this.worded(imported ? `importing ${urn}: ` : `refreshing ${urn}: `, () =>
      resource.read(this.connected, id, plainProperties(state), imported),
    );
    if (!found) return undefined;
    const inputs = imported
      ? importedInputs(resource.table, found.outputs)
      : refreshedInputs(resource.table, oldInputs, found.outputs);
    return {
      id: found.id,
      outputs: this.outputs(resource, found.outputs, state),
      inputs: markSecrets(resource.table, keepSecrets(inputs, oldInputs) as Properties),
    };
  }

  async update(
    urn: string,
    id: string,
    state: Properties,
    news: Properties,
    preview: boolean,
  ): Promise<Properties> {
    const resource = this.resource(urn);
    const [old, inputs] = [plainProperties(state), this.inputs(resource, news)];
    await this.plan(urn, old, inputs);
    const expected = planned(resource.table, old, inputs);
    if (preview) {
      const changes = compare(resource.table, old, inputs, absenceOf(this.definition.bridge));
      for (const name of changes.keys()) if (resource.table[name]?.follows) expected[name] = UNKNOWN;
      return this.outputs(resource, expected, news);
    }
    const update = resource.update;
    if (!update) throw new Error(`${resource.terraform} has no change that does not replace it`);
    const outputs = await this.attempt(urn, "updating", news, async () => {
      try {
        return await update.call(resource, this.connected, id, old, inputs);
      } catch (error) {
        // Terraform's SDK stores the plan even when the call failed; the engine then tries again at the next `up`.
        if (this.definition.bridge === "sdk") throw new Unfinished(messageOf(error), id, expected);
        throw error;
      }
    });
    return this.outputs(resource, this.asPlanned(resource, inputs, outputs, old), news);
  }

  async delete(urn: string, id: string, state: Properties): Promise<void> {
    const resource = this.resource(urn);
    await this.worded(`deleting ${urn}: `, () => resource.delete(this.connected, id, plainProperties(state)));
  }

  async invoke(token: string, args: Properties): Promise<Invocation> {
    const found = this.definition.functions[token];
    if (!found)
      throw new Error(`unknown function ${token}: the ${this.definition.name} stand-in does not have it`);
    const { inputs, failures } = check(found.table, plainProperties(args), token, this.definition.bridge);
    failures.push(...(found.validate?.(inputs) ?? []));
    if (failures.length > 0) return { outputs: {}, failures };
    const outputs = await this.worded(`invoking ${token}: `, () => found.invoke(this.connected, inputs));
    return { outputs: markSecrets(found.table, outputs), failures };
  }

  private inputs(resource: Resource<C>, news: Properties): Properties {
    const inputs = plainProperties(news);
    return resource.complete?.(inputs) ?? inputs;
  }

  /** Terraform's SDK keeps a collection null that the program left out, until the first refresh makes it empty. */
  private asPlanned(
    resource: Resource<C>,
    inputs: Properties,
    outputs: Properties,
    old?: Properties,
  ): Properties {
    return this.definition.bridge === "sdk" ? unsetToNull(resource.table, inputs, outputs, old) : outputs;
  }

  private async plan(urn: string, state: Properties | undefined, inputs: Properties): Promise<void> {
    await this.worded(`diffing ${urn}: `, async () =>
      this.resource(urn).plan?.(this.connected, state, inputs),
    );
  }

  private async attempt<T>(urn: string, doing: string, news: Properties, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      const message = this.word(messageOf(error));
      if (!(error instanceof Unfinished)) throw new Error(message);
      const outputs = this.outputs(this.resource(urn), error.outputs, news);
      throw new Unfinished(
        this.definition.bridge === "sdk" ? `${doing} ${urn}: ${message}` : message,
        error.id,
        outputs,
      );
    }
  }

  private async worded<T>(prefix: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      throw new Error(
        this.definition.bridge === "sdk" ? prefix + this.word(messageOf(error)) : messageOf(error),
      );
    }
  }

  private word(message: string): string {
    return this.definition.bridge === "sdk" ? `1 error occurred:\n\t* ${message}\n\n` : message;
  }

  private outputs(resource: Resource<C>, values: Properties, like: Properties): Properties {
    const shaped = outputsOf(resource.table, values, this.definition.bridge === "sdk");
    const marked = markSecrets(resource.table, keepSecrets(shaped, like) as Properties);
    return resource.meta && !hasUnknown(values) ? { __meta: resource.meta, ...marked } : marked;
  }

  private resource(urn: string): Resource<C> {
    const type = urn.split("::")[2]?.split("$").pop() ?? "";
    const found = this.definition.resources[type];
    if (found) return found;
    throw new Error(
      `unrecognized resource type: ${type}: the ${this.definition.name} stand-in does not have it`,
    );
  }

  private get connected(): C {
    if (this.client === undefined) throw new Error("the provider has not been configured");
    return this.client;
  }
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
