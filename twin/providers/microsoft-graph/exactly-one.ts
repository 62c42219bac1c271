import type { Failure } from "../check";
import type { Properties } from "../values";

/** What the plugin says of arguments of which exactly one has to be given. @param names Pulumi name to Terraform name */
export function exactlyOne(args: Properties, names: Readonly<Record<string, string>>): Failure[] {
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
