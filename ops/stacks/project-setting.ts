import type { ConfigValues } from "./options";

const PROVIDER = /^(azuread|cloudflare|random|pulumi):/;

/**
 * A setting of the stack's own project, whatever that is called; undefined where it is not set. Groups and lists come as
 * they are in Pulumi.<stack>.yaml, or as the JSON text that Pulumi hands over.
 */
export function readProjectSetting(config: ConfigValues, name: string): unknown {
  const key = findProjectKey(config, name);
  const value = key && config[key];
  if (typeof value !== "string" || !/^\s*[{[]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    // The program says what is wrong with it.
    return value;
  }
}

/** Its full key, if it is set: `"entra-access:access"`. */
export function findProjectKey(config: ConfigValues, name: string): string | undefined {
  return Object.keys(config).find((key) => key.endsWith(`:${name}`) && !PROVIDER.test(key));
}
