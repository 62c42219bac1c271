import type { ConfigValues } from "../options";

const PROVIDER = /^(azuread|cloudflare|random|pulumi):/;

/**
 * Reads a setting of the stack's own project, whatever its name. Groups and lists may be values, as in
 * Pulumi.<stack>.yaml, or JSON text, as Pulumi passes them on.
 *
 * @returns undefined where it is not set
 */
export function readProjectSetting(config: ConfigValues, name: string): unknown {
  const key = findProjectKey(config, name);
  const value = key && config[key];
  if (typeof value !== "string" || !/^\s*[{[]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    // The program reports invalid JSON.
    return value;
  }
}

/** Finds the full key of a setting, if it is set: `"entra-access:access"`. */
export function findProjectKey(config: ConfigValues, name: string): string | undefined {
  return Object.keys(config).find((key) => key.endsWith(`:${name}`) && !PROVIDER.test(key));
}

/** Where a stack deploys to, from its settings; absent if they cannot be read. */
export interface StackTarget {
  readonly tenantId?: string;
  readonly accountId?: string;
  readonly teamName?: string;
}

/** Reads tenant, account and team from the settings, whatever the project is called. */
export function readStackTarget(config: ConfigValues): StackTarget {
  const read = (name: string) => {
    const value = readProjectSetting(config, name);
    return typeof value === "string" && value !== "" ? { [name]: value } : {};
  };
  return { ...read("tenantId"), ...read("accountId"), ...read("teamName") };
}
