import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";

/**
 * Wraps a program so that its resources have no hooks. Hooks refuse what an update must not do, and so would hide what a
 * comparison is about: an application that somebody deleted and made again.
 */
export function wrapWithoutHooks(program: PulumiFn): PulumiFn {
  return async () => {
    pulumi.runtime.registerStackTransformation(({ props, opts }) => {
      const { hooks: _hooks, ...others } = opts;
      return { props, opts: others };
    });
    return program();
  };
}
