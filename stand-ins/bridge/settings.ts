import type { CheckedInputs, PackageDefinition } from "./resource";
import { markSecret, type Properties, stripPropertyMarks } from "./values";

/** Checks the settings of a provider with the bridge's messages, and marks secret ones. */
export function checkSettings<C>(
  { name: packageName, checkConfig, secretSettings }: PackageDefinition<C>,
  provider: string,
  inputs: Properties,
): CheckedInputs {
  const wrong = Object.entries(checkConfig?.(parseSettings(inputs)) ?? {});
  const failures = wrong.map(([setting, reason]) => {
    const shown = provider.startsWith("default")
      ? `Check \`pulumi config get ${packageName}:${setting}\`.`
      : `Examine values at '${provider}.${setting}'.`;
    return `could not validate provider configuration: ${reason}. ${shown}`;
  });
  const marked = Object.entries(inputs).map(([setting, value]) => [
    setting,
    secretSettings.includes(setting) ? markSecret(value) : value,
  ]);
  return { inputs: Object.fromEntries(marked), failures };
}

/** Parses the settings that the engine sends, as strings or as JSON; empty ones are absent. */
export function parseSettings(inputs: Properties): Record<string, string> {
  const values = Object.entries(stripPropertyMarks(inputs)).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(values.filter(([, value]) => value !== ""));
}
