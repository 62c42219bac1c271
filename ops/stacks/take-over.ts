import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";

/** One resource of a program: its type and name. */
export type ResourceKey = readonly [type: string, name: string];

/**
 * A program that takes over what exists instead of making it: `prepare` says what, by id, and runs first, while the
 * engine holds the stack's lock. Where inputs differ, the same run changes what was taken over.
 */
export function takingOver(
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
