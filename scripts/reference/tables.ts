import { describeSettings, getGroup, type JsonSchema } from "./schema";

/** A marker names the groups of settings that the table after it lists; without one, all settings of the stack. */
const TABLE = /(<!-- settings:(.*) -->\n\n)(?:\|.*\n)*/g;

/** Replaces the table after each marker. */
export function updateTables(page: string): string {
  const settings = describeSettings();
  return page.replace(TABLE, (_table, marker: string, paths: string) => {
    const groups = paths.trim().split(/\s+/);
    const rows = groups.flatMap((path) => {
      const { setting, label } = findGroup(settings, path.split(".").filter(Boolean));
      // With several groups, each name says to which of them it belongs.
      return listRows(setting, groups.length > 1 ? label : "");
    });
    return `${marker}| Setting | Value | Default |\n|---|---|---|\n${rows.join("\n")}\n`;
  });
}

/** @returns the group, and its path below the first name as the tables write it: `privateRanges.<name>.` */
function findGroup(settings: JsonSchema, path: readonly string[]): { setting: JsonSchema; label: string } {
  let [setting, label] = [settings, ""];
  for (const [depth, name] of path.entries()) {
    const inner = getGroup(setting).properties?.[name];
    if (!inner) throw new Error(`there is no setting ${path.join(".")}`);
    setting = inner;
    if (depth > 0) label += `${name}.${inner.additionalProperties ? "<name>." : ""}`;
  }
  return { setting, label };
}

function listRows(group: JsonSchema, prefix: string): string[] {
  const { properties = {}, required = [] } = getGroup(group);
  return Object.entries(properties).flatMap(([name, setting]) => {
    if (setting.description === undefined) return listRows(setting, `${prefix}${name}.`);
    const [text = "", unset] = setting.description.split(/(?:\. )?Default: /);
    const values = (setting.enum ?? setting.items?.enum ?? []).map((value) => `\`${value}\``);
    const cells = [
      `\`${prefix}${name}\``,
      values.every((value) => text.includes(value)) ? text : `${values.join(", ")}: ${text}`,
      unset ?? formatDefault(setting, required.includes(name)),
    ];
    return [`| ${cells.join(" | ")} |`.replace("|  |", "| |")];
  });
}

function formatDefault({ default: value }: JsonSchema, isRequired: boolean): string {
  if (isRequired) return "required";
  if (value === undefined) return "";
  const items = Array.isArray(value) ? value : typeof value === "object" ? [] : [value];
  return items.map((item) => `\`${item}\``).join(", ") || "none";
}
