import type { CheckFailure } from "../../bridge/check";
import type { Properties } from "../../bridge/values";

/** Checks arguments of which exactly one is required, with the plugin's messages. @param names Pulumi to Terraform names */
export function checkExactlyOne(args: Properties, names: Readonly<Record<string, string>>): CheckFailure[] {
  const given = Object.keys(names).filter((name) => args[name] !== undefined);
  if (given.length === 1) return [];
  const all = `\`${Object.values(names).sort().join()}\``;
  const named = given
    .map((name) => names[name])
    .sort()
    .join();
  const rule =
    given.length === 0
      ? `one of ${all} must be specified`
      : `only one of ${all} can be specified, but \`${named}\` were specified.`;
  return Object.values(names).map((name) => ({
    property: "",
    reason: `[${name}] Invalid combination of arguments: "${name}": ${rule}`,
  }));
}
