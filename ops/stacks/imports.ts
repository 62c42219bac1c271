import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { getResourceKey, type ResourceKey, type TenantResourceKind } from "../recovery/tenant-state";

/**
 * A program that takes over what exists instead of making it: `prepare` says what, by id, and runs first, while the
 * engine holds the stack's lock. Where inputs differ, the same run changes what was taken over.
 */
export function wrapWithImports(
  prepare: () => Promise<readonly (readonly [ResourceKey, id: string])[]>,
): (program: PulumiFn) => PulumiFn {
  return (program) => async () => {
    const imports = new Map((await prepare()).map(([key, id]) => [key.join(" "), id]));
    pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
      const id = imports.get(`${type} ${name}`);
      return id ? { props, opts: { ...opts, import: id } } : undefined;
    });
    return program();
  };
}

/** By the resources that the program has for these kinds of a tenant; default: the stack's own. */
export function keyImportsByResource(
  imports: ReadonlyMap<TenantResourceKind, string>,
  tenant?: string,
): (readonly [ResourceKey, id: string])[] {
  return [...imports].map(([kind, id]) => [getResourceKey(kind, tenant), id]);
}
