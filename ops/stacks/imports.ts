import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { getResourceKey, type ResourceKey, type TenantResourceKind } from "../recovery/tenant-state";

/**
 * Wraps a program so that it imports existing resources instead of creating them. `prepare` returns their ids; it runs
 * first, while the engine holds the stack's lock. Where inputs differ, the same run updates the imported resource.
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

/** Replaces the kinds of a tenant's resources by their keys; default: the stack's own tenant. */
export function keyImportsByResource(
  imports: ReadonlyMap<TenantResourceKind, string>,
  tenant?: string,
): (readonly [ResourceKey, id: string])[] {
  return [...imports].map(([kind, id]) => [getResourceKey(kind, tenant), id]);
}
