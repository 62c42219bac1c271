import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

// What @pulumi/pulumi reads its own files with; it comes without types.
const { safeLoad } = require("js-yaml") as { safeLoad(text: string): unknown };

export const FOLDER = join(__dirname, "../../.github");

export interface Step {
  id?: string;
  if?: string;
  uses?: string;
  run?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
  "continue-on-error"?: boolean;
}

export interface Job {
  if?: string;
  needs?: string | string[];
  environment?: unknown;
  permissions?: Record<string, string>;
  concurrency?: Concurrency;
  env?: Record<string, string>;
  outputs?: Record<string, string>;
  strategy?: { matrix: Record<string, unknown> };
  "timeout-minutes"?: number;
  steps: Step[];
}

export interface Concurrency {
  group: string;
  "cancel-in-progress": boolean | string;
}

export interface Workflow {
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  concurrency?: Concurrency;
  env?: Record<string, string>;
  jobs: Record<string, Job>;
}

export const WORKFLOWS = readdirSync(join(FOLDER, "workflows"));

export const textOf = (file: string) => readFileSync(join(FOLDER, "workflows", file), "utf8");

export const parsed = (text: string) => safeLoad(text) as Workflow;

/** The steps of the action that every job begins with. */
export function setupAction(): { text: string; steps: Step[] } {
  const text = readFileSync(join(FOLDER, "actions/setup/action.yml"), "utf8");
  return { text, steps: (safeLoad(text) as { runs: { steps: Step[] } }).runs.steps };
}
