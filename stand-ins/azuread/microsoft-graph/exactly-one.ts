import { getTerraformName } from "../../bridge/table/properties";
import type { Properties } from "../../bridge/values";

/** Checks arguments of which exactly one is required, with the plugin's messages. */
export function checkExactlyOne(args: Properties, ...names: string[]): string[] {
  const given = names.filter((name) => args[name] !== undefined);
  if (given.length === 1) return [];
  const translate = (all: string[]) => all.map((name) => getTerraformName(name, { type: "string" })).sort();
  const all = `\`${translate(names).join()}\``;
  const rule =
    given.length === 0
      ? `one of ${all} must be specified`
      : `only one of ${all} can be specified, but \`${translate(given).join()}\` were specified.`;
  return translate(names).map((name) => `[${name}] Invalid combination of arguments: "${name}": ${rule}`);
}
