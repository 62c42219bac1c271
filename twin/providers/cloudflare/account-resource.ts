/** What most resources of an account have in common: every operation is one call. */

import { isDeepStrictEqual } from "node:util";
import type { Property, Table } from "../properties";
import type { Resource } from "../resource";
import { isRecord, type Properties } from "../values";
import { type Cloudflare, found, importedId, scope, scopeOf } from "./api";
import { fromApi, toApi } from "./naming";

export interface AccountKind {
  terraform: string;
  /** Below `/accounts/<id>`. */
  path: string;
  /** What the last part of an import id is called. */
  idName: string;
  table: Table;
  validate?: Resource<Cloudflare>["validate"];
  /** What an update says: all, which is the default, or what is new. */
  change?: "PUT" | "PATCH";
  /** What the id of an import begins with; default: the sort of its owner, and the owner. */
  ownedBy?: "account";
  /** The body, once more adapted. */
  sent?(body: Properties): Properties;
  /** The body of an update, where it is not the inputs alone. */
  wanted?(state: Properties, inputs: Properties): Properties;
  /** What was read, once more adapted to what is known. */
  normalized?(outputs: Properties, known: Properties): Properties;
}

export function accountResource(kind: AccountKind): Resource<Cloudflare> {
  const { accountId: _account, zoneId: _zone, ...body } = kind.table;
  const { change = "PUT", sent = (same: Properties) => same } = kind;
  const at = (of: Properties, id: string) => `${scopeOf(of)}${kind.path}/${id}`;
  const settled = (inputs: Properties, answer: Properties, id: string) => {
    const outputs = planKept(body, inputs, fromApi(body, answer));
    return { ...scope(inputs), ...outputs, id };
  };
  return {
    terraform: kind.terraform,
    meta: '{"schema_version":"500"}',
    table: kind.table,
    ...(kind.validate && { validate: kind.validate }),

    async create(cloudflare, inputs) {
      const at = `${scopeOf(inputs)}${kind.path}`;
      const answer = await cloudflare.call("POST", at, sent(toApi(body, inputs)));
      const id = String(answer.id);
      return { id, outputs: settled(inputs, answer, id) };
    },

    async read(cloudflare, id, state, imported) {
      const where = imported ? importedId(id, kind.idName, kind.ownedBy) : { scope: scope(state), id };
      const answer = await found(() => cloudflare.call("GET", at(where.scope, where.id)));
      if (!answer) return undefined;
      const outputs = emptiesDropped(body, fromApi(body, answer), state);
      const adapted = kind.normalized?.(outputs, state) ?? outputs;
      return { id: where.id, outputs: { ...where.scope, ...adapted, id: where.id } };
    },

    async update(cloudflare, id, state, inputs) {
      const wanted = kind.wanted?.(state, inputs) ?? inputs;
      const all = toApi(body, { ...cleared(body, state, inputs), ...wanted });
      const said = sent(change === "PUT" ? all : changed(toApi(body, state), all));
      return settled(inputs, await cloudflare.call(change, at(inputs, id), said), id);
    },

    async delete(cloudflare, id, state) {
      await cloudflare.call("DELETE", at(state, id));
    },
  };
}

/** Terraform's framework keeps what was planned; from the answer it takes only what the service decides. */
function planKept(table: Table, inputs: Properties, answer: Properties): Properties {
  const kept = Object.entries(table).map(([name, property]) => {
    const asked = inputs[name] ?? property.implied;
    if (property.output || (asked === undefined && property.computed)) return [name, answer[name]];
    return [name, withImplied(property, asked)];
  });
  return Object.fromEntries(kept.filter(([, value]) => value !== undefined));
}

function withImplied(property: Property, value: unknown): unknown {
  if (property.type === "object" && isRecord(value)) return planKept(property.fields, value, {});
  if ((property.type === "list" || property.type === "set") && Array.isArray(value)) {
    return value.map((inner) => withImplied(property.of, inner));
  }
  return value;
}

/** False and empty lists that nobody asked for are as good as absent to the real plugin. */
function emptiesDropped(table: Table, outputs: Properties, known: Properties): Properties {
  const kept = Object.entries(outputs).flatMap(([name, value]) => {
    const [property, before] = [table[name], known[name]];
    const empty = value === false || (Array.isArray(value) && value.length === 0);
    if (empty && before === undefined && !property?.computed && !property?.output) return [];
    if (property?.type !== "object" || !isRecord(value)) return [[name, value] as const];
    return [[name, emptiesDropped(property.fields, value, isRecord(before) ? before : {})] as const];
  });
  return Object.fromEntries(kept);
}

/** What of the body is not there already. */
function changed(before: Properties, body: Properties): Properties {
  return Object.fromEntries(
    Object.entries(body).filter(([name, value]) => !isDeepStrictEqual(value, before[name])),
  );
}

/** Settings that the program no longer has are sent as null. */
function cleared(table: Table, state: Properties, inputs: Properties): Properties {
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
