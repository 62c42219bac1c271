import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

// The YAML parser of @pulumi/pulumi, which has no types.
const { safeLoad } = require("js-yaml") as { safeLoad(text: string): unknown };

export const FOLDER = join(__dirname, "../../.github");

export interface WorkflowStep {
  id?: string;
  if?: string;
  uses?: string;
  run?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
  "continue-on-error"?: boolean;
}

export interface WorkflowJob {
  if?: string;
  needs?: string | string[];
  environment?: unknown;
  permissions?: Record<string, string>;
  concurrency?: Concurrency;
  env?: Record<string, string>;
  outputs?: Record<string, string>;
  strategy?: { matrix: Record<string, unknown> };
  "timeout-minutes"?: number;
  steps: WorkflowStep[];
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
  jobs: Record<string, WorkflowJob>;
}

export const WORKFLOWS = readdirSync(join(FOLDER, "workflows"));

export const readWorkflow = (file: string) => readFileSync(join(FOLDER, "workflows", file), "utf8");

export const parseWorkflow = (text: string) => safeLoad(text) as Workflow;

/** Reads the setup action that every job begins with. */
export function readSetupAction(): { text: string; steps: WorkflowStep[] } {
  const text = readFileSync(join(FOLDER, "actions/setup/action.yml"), "utf8");
  return { text, steps: (safeLoad(text) as { runs: { steps: WorkflowStep[] } }).runs.steps };
}
