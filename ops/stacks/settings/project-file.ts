import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ProjectSettings } from "@pulumi/pulumi/automation";
import { UserError } from "../../errors";
import type { ConfigValues } from "../options";

/** The library with which the SDK reads the same files, without the SDK. */
const { safeLoad } = require("js-yaml") as { safeLoad(text: string): unknown };

/** @throws UserError unless the folder is that of a Pulumi project */
export function requireProjectFile(folder: string): void {
  if (!existsSync(join(folder, "Pulumi.yaml")))
    throw new UserError(`there is no Pulumi.yaml in ${folder}`, ["Set the project folder with -C."]);
}

/** Finds the project that a folder belongs to: the folder itself or the nearest one above it that has a Pulumi.yaml. */
export function findProjectFolder(folder: string): string | undefined {
  if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : findProjectFolder(parent);
}

/** Reads Pulumi.yaml as the SDK does. */
export function readProjectFile(folder: string): ProjectSettings {
  return safeLoad(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as ProjectSettings;
}

/** Reads the config in Pulumi.<stack>.yaml as the SDK does; empty where it cannot be read. */
export function readConfigFile(folder: string, stack: string): ConfigValues {
  try {
    const settings = safeLoad(readFileSync(join(folder, `Pulumi.${stack}.yaml`), "utf8"));
    return (settings as { config?: ConfigValues } | undefined)?.config ?? {};
  } catch {
    return {};
  }
}
