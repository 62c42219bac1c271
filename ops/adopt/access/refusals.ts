import { parseConfig } from "../../../config";
import type { ConfigValues } from "../../stacks";
import { type AccessImport, type CreatedGroup, formatResourceName, type SettingKind } from "./selector";

/** A setting that the program refuses. */
export interface RefusedSetting {
  /** The path without the project, e.g. `access.applications.wiki.hostnames.0`. */
  readonly path: string;
  /** The rule, the value that was found and the advice, e.g. `must be a path; found "x". Use another.` */
  readonly problem: string;
}

/** Checks settings as the program does before it creates anything. @param settings by full key */
export function findRefusedSettings(settings: ConfigValues): RefusedSetting[] {
  const [project = ""] = Object.keys(settings)[0]?.split(":") ?? [];
  const texts = Object.entries(settings).map(
    ([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)] as const,
  );
  try {
    parseConfig(Object.fromEntries(texts), project);
    return [];
  } catch (error) {
    return parseRefusedSettings((error as Error).message, project);
  }
}

function parseRefusedSettings(message: string, project: string): RefusedSetting[] {
  const lines = message.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line.startsWith(`${project}:`))
    .map((line) => {
      const [path = "", ...words] = line.slice(project.length + 1).split(" ");
      return { path, problem: words.join(" ") };
    });
}

/** The kinds of imports by the setting that declares them. */
const KINDS: Readonly<Record<string, SettingKind>> = {
  "access.groups": "accessGroup",
  "access.policies": "accessPolicy",
  "access.applications": "accessApplication",
  "conditionalAccess.namedLocations": "namedLocation",
  "conditionalAccess.policies": "conditionalAccessPolicy",
};

/** Finds the import that a setting declares, of a created group its policy; undefined where it declares none. */
export function findRefusedImport(
  { path }: RefusedSetting,
  imports: readonly AccessImport[],
  created: readonly CreatedGroup[] = [],
): AccessImport | undefined {
  const [setting, section, name = ""] = path.split(".");
  const kind = KINDS[`${setting}.${section}`];
  const expected = kind && formatResourceName(kind, name);
  const group = created.find(({ key: [, resource] }) => resource === expected);
  return imports.find(({ id, key: [, resource] }) => (group ? id === group.id : resource === expected));
}

/** Formats the reason for which a part stays outside the stack: the setting within the part, and what must hold. */
export function describeRefusal({ path, problem }: RefusedSetting): string {
  return `its ${path.split(".").slice(3).join(".") || "settings"} ${problem}`;
}
