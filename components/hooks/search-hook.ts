import { AsyncResource } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";

/**
 * Creates a hook that calls functions of providers or logs. The engine runs hooks outside of an inline program, where the SDK
 * does not find its connection to the engine.
 */
export function createSearchHook(
  name: string,
  search: pulumi.ResourceHookFunction,
  opts?: pulumi.ResourceHookOptions,
): pulumi.ResourceHook {
  return new pulumi.ResourceHook(name, AsyncResource.bind(search), opts);
}
