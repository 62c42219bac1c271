/** The common form of most resources of an account, with one call per operation. */

import { isDeepStrictEqual } from "node:util";
import type { ResourceType } from "../bridge/resource";
import type { Property, Table } from "../bridge/table/properties";
import { isRecord, type Properties } from "../bridge/values";
import { type CloudflareApi, getScopePath, orUndefined, parseImportId, pickScope } from "./api";
import { fromApi, toApi } from "./naming";

export interface AccountResourceDefinition {
  terraform: string;
  /** Below `/accounts/<id>`. */
  path: string;
  /** Name of the last part of an import id. */
  idName: string;
  table: Table;
  validate?: ResourceType<CloudflareApi>["validate"];
  /** PUT (default) sends all settings, PATCH only the changed ones. */
  updateMethod?: "PUT" | "PATCH";
  /** Import ids start with the account's id; default: with the kind of owner and its id. */
  ownedBy?: "account";
  completeInputs?: ResourceType<CloudflareApi>["completeInputs"];
  /** Builds the inputs of an update. Default: the inputs of the program. */
  buildUpdate?(state: Properties, inputs: Properties): Properties;
  /** Adapts the outputs that were read. */
  normalize?(outputs: Properties, known: Properties): Properties;
}

export function createAccountResource(kind: AccountResourceDefinition): ResourceType<CloudflareApi> {
  const { accountId: _account, zoneId: _zone, ...body } = kind.table;
  const { updateMethod: change = "PUT" } = kind;
  const at = (of: Properties, id: string) => `${getScopePath(of)}${kind.path}/${id}`;
  const buildOutputs = (inputs: Properties, answer: Properties, id: string) => {
    const outputs = applyPlan(body, inputs, fromApi(body, answer));
    return { ...pickScope(inputs), ...outputs, id };
  };
  return {
    terraform: kind.terraform,
    meta: '{"schema_version":"500"}',
    table: kind.table,
    ...(kind.validate && { validate: kind.validate }),
    ...(kind.completeInputs && { completeInputs: kind.completeInputs }),

    async create(cloudflare, inputs) {
      const at = `${getScopePath(inputs)}${kind.path}`;
      const answer = await cloudflare.call("POST", at, toApi(body, inputs));
      const id = String(answer.id);
      return { id, outputs: buildOutputs(inputs, answer, id) };
    },

    async read(cloudflare, id, state, imported) {
      const location = imported
        ? parseImportId(id, kind.idName, kind.ownedBy)
        : { scope: pickScope(state), id };
      const answer = await orUndefined(() => cloudflare.call("GET", at(location.scope, location.id)));
      if (!answer) return undefined;
      const outputs = dropEmpty(body, fromApi(body, answer), state, imported);
      const adapted = kind.normalize?.(outputs, state) ?? outputs;
      return { id: location.id, outputs: { ...location.scope, ...adapted, id: location.id } };
    },

    async update(cloudflare, id, state, inputs) {
      const changes = kind.buildUpdate?.(state, inputs) ?? inputs;
      const all = toApi(body, { ...clearRemoved(body, state, inputs), ...changes });
      const said = change === "PUT" ? all : pickChanged(toApi(body, state), all);
      return buildOutputs(inputs, await cloudflare.call(change, at(inputs, id), said), id);
    },

    async delete(cloudflare, id, state) {
      await cloudflare.call("DELETE", at(state, id));
    },
  };
}

/** Builds outputs like Terraform's framework: planned values stay, and only computed ones come from the answer. */
function applyPlan(table: Table, inputs: Properties, answer: Properties): Properties {
  const kept = Object.entries(table).map(([name, property]) => {
    const planned = inputs[name] ?? property.implied;
    if (property.output || (planned === undefined && property.computed)) return [name, answer[name]];
    return [name, addImplied(property, planned)];
  });
  return Object.fromEntries(kept.filter(([, value]) => value !== undefined));
}

function addImplied(property: Property, value: unknown): unknown {
  if (property.type === "object" && isRecord(value)) return applyPlan(property.fields, value, {});
  if ((property.type === "list" || property.type === "set") && Array.isArray(value)) {
    return value.map((inner) => addImplied(property.of, inner));
  }
  return value;
}

/** Drops false and empty lists that were not set, which the real plugin treats as absent; at an import it keeps false. */
function dropEmpty(table: Table, outputs: Properties, known: Properties, imported: boolean): Properties {
  const kept = Object.entries(outputs).flatMap(([name, value]) => {
    const [property, before] = [table[name], known[name]];
    const isEmpty = (value === false && !imported) || (Array.isArray(value) && value.length === 0);
    if (isEmpty && before === undefined && !property?.computed && !property?.output) return [];
    if (property?.type !== "object" || !isRecord(value)) return [[name, value] as const];
    return [[name, dropEmpty(property.fields, value, isRecord(before) ? before : {}, imported)] as const];
  });
  return Object.fromEntries(kept);
}

/** Picks the members of a body that changed. */
function pickChanged(before: Properties, body: Properties): Properties {
  return Object.fromEntries(
    Object.entries(body).filter(([name, value]) => !isDeepStrictEqual(value, before[name])),
  );
}

/** Returns null for settings that were removed from the program. */
function clearRemoved(table: Table, state: Properties, inputs: Properties): Properties {
  const gone = Object.entries(table).filter(
    ([name, { computed, output, implied }]) =>
      !computed &&
      !output &&
      implied === undefined &&
      state[name] !== undefined &&
      inputs[name] === undefined,
  );
  return Object.fromEntries(gone.map(([name]) => [name, null]));
}
