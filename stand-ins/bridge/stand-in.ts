/**
 * A package's operations on JavaScript values, like the real plugin with its bridge: secrets are marked, unknown values
 * planned, and errors have the same messages. `plugin.ts` serves it over gRPC; tests call it directly.
 */
import { setMaxListeners } from "node:events";
import { formatError, getMessage, prefixErrors } from "./errors";
import {
  type CheckedInputs,
  type CreatedResource,
  getAbsenceRule,
  type PackageDefinition,
  type ResourceType,
  UnfinishedResource,
} from "./resource";
import { checkSettings, parseSettings } from "./settings";
import { checkInputs } from "./table/check";
import { compareProperties, type PropertyDiffs } from "./table/diff";
import {
  deriveInputs,
  nullUnsetCollections,
  planOutputs,
  refreshInputs,
  shapeOutputs,
} from "./table/planning";
import { addDefaults, markSecrets } from "./table/properties";
import { hasUnknown, type Properties, stripPropertyMarks, UNKNOWN } from "./values";

export interface ReadResource extends CreatedResource {
  inputs: Properties;
}

export interface FunctionResult {
  outputs: Properties;
  failures: string[];
}

export class StandIn<C> {
  private client: C | undefined;
  private readonly stopping = new AbortController();

  constructor(readonly definition: PackageDefinition<C>) {
    // Every running call listens, and the engine runs any number of calls.
    setMaxListeners(0, this.stopping.signal);
  }

  checkConfig(urn: string, inputs: Properties): CheckedInputs {
    return checkSettings(this.definition, getResourceName(urn), inputs);
  }

  /** Signs in. @throws Error that the engine reports at the first use of the provider */
  async configure(inputs: Properties): Promise<void> {
    this.client = await prefixErrors(this.definition.bridge, "", () =>
      this.definition.connect(parseSettings(inputs), this.stopping.signal),
    );
  }

  /** Aborts running calls. */
  cancel(): void {
    this.stopping.abort();
  }

  check(urn: string, news: Properties, olds: Properties = {}): CheckedInputs {
    const { table, validate } = this.resource(urn);
    const { bridge } = this.definition;
    const { inputs, failures } = checkInputs(table, stripPropertyMarks(news), getResourceName(urn), bridge);
    if (failures.length === 0 && validate) failures.push(...validate(inputs, getResourceName(urn)));
    const filled = addDefaults(table, inputs, bridge === "sdk", olds);
    return { inputs: markSecrets(table, filled), failures };
  }

  async diff(urn: string, state: Properties, news: Properties): Promise<PropertyDiffs> {
    const resource = this.resource(urn);
    const [old, inputs] = [stripPropertyMarks(state), this.inputs(resource, news)];
    await this.plan(urn, old, inputs);
    return compareProperties(resource.table, old, inputs, getAbsenceRule(this.definition.bridge));
  }

  /** Creates a resource. At preview the id is empty and computed values are unknown. */
  async create(urn: string, news: Properties, preview: boolean): Promise<CreatedResource> {
    const resource = this.resource(urn);
    const inputs = this.inputs(resource, news);
    await this.plan(urn, undefined, inputs);
    if (preview)
      return {
        id: "",
        outputs: this.outputs(resource, { id: UNKNOWN, ...planOutputs(resource.table, undefined, inputs) }),
      };
    const created = await this.runOperation(urn, "creating", () =>
      resource.create(this.connectedClient, inputs),
    );
    return {
      id: created.id,
      outputs: this.outputs(resource, this.applyNulls(resource, inputs, created.outputs)),
    };
  }

  /** Reads a resource; undefined if it does not exist. Without state it is an import. */
  async read(
    urn: string,
    id: string,
    state: Properties,
    oldInputs: Properties,
  ): Promise<ReadResource | undefined> {
    const resource = this.resource(urn);
    const imported = Object.keys(state).length === 0;
    if (imported && resource.importable?.test(id) === false) return undefined;
    const found = await prefixErrors(
      this.definition.bridge,
      imported ? `importing ${urn}: ` : `refreshing ${urn}: `,
      () => resource.read(this.connectedClient, id, stripPropertyMarks(state), imported),
    );
    if (!found) return undefined;
    const inputs = imported
      ? deriveInputs(resource.table, found.outputs)
      : refreshInputs(resource.table, oldInputs, found.outputs);
    return {
      id: found.id,
      outputs: this.outputs(resource, found.outputs),
      inputs: markSecrets(resource.table, inputs),
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
    const [old, inputs] = [stripPropertyMarks(state), this.inputs(resource, news)];
    await this.plan(urn, old, inputs);
    const expected = planOutputs(resource.table, old, inputs);
    if (preview) {
      const changes = compareProperties(resource.table, old, inputs, getAbsenceRule(this.definition.bridge));
      for (const name of changes.keys()) if (resource.table[name]?.follows) expected[name] = UNKNOWN;
      return this.outputs(resource, expected);
    }
    const update = resource.update;
    if (!update) throw new Error(`${resource.terraform} must be replaced for any change`);
    const outputs = await this.runOperation(urn, "updating", async () => {
      try {
        return await update.call(resource, this.connectedClient, id, old, inputs);
      } catch (error) {
        // Terraform's SDK stores the plan even if the call fails, so the engine updates again at the next `up`.
        if (this.definition.bridge === "sdk") throw new UnfinishedResource(getMessage(error), id, expected);
        throw error;
      }
    });
    return this.outputs(resource, this.applyNulls(resource, inputs, outputs, old));
  }

  async delete(urn: string, id: string, state: Properties): Promise<void> {
    const resource = this.resource(urn);
    await prefixErrors(this.definition.bridge, `deleting ${urn}: `, () =>
      resource.delete(this.connectedClient, id, stripPropertyMarks(state)),
    );
  }

  async invoke(token: string, args: Properties): Promise<FunctionResult> {
    const found = this.definition.functions[token];
    if (!found)
      throw new Error(`unknown function ${token}: the ${this.definition.name} stand-in does not support it`);
    const { inputs, failures } = checkInputs(
      found.table,
      stripPropertyMarks(args),
      token,
      this.definition.bridge,
    );
    failures.push(...(found.validate?.(inputs) ?? []));
    if (failures.length > 0) return { outputs: {}, failures };
    const outputs = await prefixErrors(this.definition.bridge, `invoking ${token}: `, () =>
      found.invoke(this.connectedClient, inputs),
    );
    return { outputs: markSecrets(found.table, outputs), failures };
  }

  private inputs(resource: ResourceType<C>, news: Properties): Properties {
    const inputs = stripPropertyMarks(news);
    return resource.completeInputs?.(inputs) ?? inputs;
  }

  /** Keeps collections null that the program omits, like Terraform's SDK until the first refresh. */
  private applyNulls(
    resource: ResourceType<C>,
    inputs: Properties,
    outputs: Properties,
    old?: Properties,
  ): Properties {
    return this.definition.bridge === "sdk"
      ? nullUnsetCollections(resource.table, inputs, outputs, old)
      : outputs;
  }

  private async plan(urn: string, state: Properties | undefined, inputs: Properties): Promise<void> {
    await prefixErrors(this.definition.bridge, `diffing ${urn}: `, async () =>
      this.resource(urn).plan?.(this.connectedClient, state, inputs),
    );
  }

  private async runOperation<T>(urn: string, doing: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      const message = formatError(this.definition.bridge, error);
      if (!(error instanceof UnfinishedResource)) throw new Error(message);
      const outputs = this.outputs(this.resource(urn), error.outputs);
      throw new UnfinishedResource(
        this.definition.bridge === "sdk" ? `${doing} ${urn}: ${message}` : message,
        error.id,
        outputs,
      );
    }
  }

  private outputs(resource: ResourceType<C>, values: Properties): Properties {
    const shaped = shapeOutputs(resource.table, values, this.definition.bridge === "sdk");
    const marked = markSecrets(resource.table, shaped);
    return resource.meta && !hasUnknown(values) ? { __meta: resource.meta, ...marked } : marked;
  }

  private resource(urn: string): ResourceType<C> {
    const type = urn.split("::")[2]?.split("$").pop() ?? "";
    const found = this.definition.resources[type];
    if (found) return found;
    throw new Error(
      `unrecognized resource type: ${type}: the ${this.definition.name} stand-in does not support it`,
    );
  }

  private get connectedClient(): C {
    if (this.client === undefined) throw new Error("the provider has not been configured");
    return this.client;
  }
}

function getResourceName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
