import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ProjectSettings } from "@pulumi/pulumi/automation";
import { findPulumiHome } from "../../tools/path";

/** A backend that the engine keeps in a folder, and one of its projects. */
export interface FolderBackend {
  /** The folder with `.pulumi`. */
  readonly folder: string;
  readonly project: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds the folder of a project's backend, where the engine looks for it: in the environment, Pulumi.yaml, and in the file
 * that `pulumi login` writes.
 *
 * @returns undefined if the backend is no folder, or its address has a form that is left to the engine
 */
export function findFolderBackend(
  { name: project, backend }: ProjectSettings,
  env: Environment,
): FolderBackend | undefined {
  const url = env.PULUMI_BACKEND_URL || backend?.url || readLogin(env);
  const [, home, path = ""] = /^file:\/\/(?:(~)(?=\/|$)|(?=\/))([^?#%]*)$/.exec(url ?? "") ?? [];
  if (!home && !path) return undefined;
  return { folder: home ? join(env.HOME || homedir(), path) : path, project };
}

function readLogin(env: Environment): string | undefined {
  try {
    return JSON.parse(readFileSync(join(findPulumiHome(env), "credentials.json"), "utf8")).current;
  } catch {
    return undefined;
  }
}
