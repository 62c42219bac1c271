import { AsyncResource } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";

/** Makes the cloudflare provider list all objects of an account; its default is the first thousand. */
export const ALL_ITEMS = { maxItems: 1_000_000 };

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
