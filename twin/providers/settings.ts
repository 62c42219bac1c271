import type { Failure } from "./check";
import type { Package } from "./resource";
import { type Properties, plainProperties, secret } from "./values";

export interface CheckedSettings {
  readonly inputs: Properties;
  readonly failures: Failure[];
}

/** A provider's settings, those that are secret marked; what is wrong with one is worded as the bridge words it. */
export function checkSettings<C>(
  { name: packageName, checkConfig, secretSettings }: Package<C>,
  provider: string,
  inputs: Properties,
): CheckedSettings {
  const wrong = Object.entries(checkConfig?.(settingsIn(inputs)) ?? {});
  const failures = wrong.map(([setting, reason]) => {
    const shown = provider.startsWith("default")
      ? `Check \`pulumi config get ${packageName}:${setting}\`.`
      : `Examine values at '${provider}.${setting}'.`;
    return { property: "", reason: `could not validate provider configuration: ${reason}. ${shown}` };
  });
  const marked = Object.entries(inputs).map(([setting, value]) => [
    setting,
    secretSettings.includes(setting) ? secret(value) : value,
  ]);
  return { inputs: Object.fromEntries(marked), failures };
}

/** The engine sends every value as a string, what is not one as JSON; an empty one is none. */
export function settingsIn(inputs: Properties): Record<string, string> {
  const values = Object.entries(plainProperties(inputs)).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(values.filter(([, value]) => value !== ""));
}
