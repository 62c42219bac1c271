import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { getResourceKey, type ResourceKey, type TenantResourceKind } from "../../recovery/tenant-state";

/** A resource that the program declares; `inputs` are known, and secrets are unwrapped. */
export interface DeclaredResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Returns the id of the existing object that a resource imports, in the form that its provider imports. */
export type FindImport = (resource: DeclaredResource) => Promise<string | undefined>;

const [APPLICATION] = getResourceKey("application");
/** Lists of an application that the program shares with others, and knows only after the first update. */
const SHARED_LISTS = ["optionalClaims"];

/**
 * Wraps a program so that it imports existing resources instead of creating them. `prepare` runs first, while the engine
 * holds the stack's lock. Where inputs differ, the same run updates the imported resource.
 */
export function wrapWithImports(prepare: () => Promise<FindImport>): (program: PulumiFn) => PulumiFn {
  return (program) => async () => {
    const findImport = await prepare();
    // Unlike a transformation, it gets the inputs once all of them are known.
    pulumi.runtime.registerResourceTransform(async ({ custom, type, name, props, opts }) => {
      if (!custom || type.startsWith("pulumi:")) return undefined;
      const id = await findImport({ type, name, inputs: await unwrapInputs(props) });
      if (id === undefined) return undefined;
      const ignoreChanges = [...(opts.ignoreChanges ?? []), ...(type === APPLICATION ? SHARED_LISTS : [])];
      return { props, opts: { ...opts, import: id, ignoreChanges } };
    });
    return program();
  };
}

async function unwrapInputs(props: object): Promise<Record<string, unknown>> {
  const entries = Object.entries(props).map(async ([name, value]) => {
    const known = pulumi.Output.isInstance(value)
      ? await (value as unknown as { promise(): Promise<unknown> }).promise()
      : value;
    return [name, pulumi.runtime.unwrapRpcSecret(known)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Finds imports in a list. */
export function createImportFinder(imports: Iterable<readonly [ResourceKey, id: string]>): FindImport {
  const ids = new Map([...imports].map(([key, id]) => [key.join(" "), id]));
  return async ({ type, name }) => ids.get(`${type} ${name}`);
}

/** Replaces the kinds of a tenant's resources by their keys; default: the stack's own tenant. */
export function keyImportsByResource(
  imports: ReadonlyMap<TenantResourceKind, string>,
  signIn?: string,
): (readonly [ResourceKey, id: string])[] {
  return [...imports].map(([kind, id]) => [getResourceKey(kind, signIn), id]);
}
