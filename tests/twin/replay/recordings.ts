import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Shape } from "./shape";

const FOLDER = join(__dirname, "../../fixtures/recordings");

export interface StartApplication {
  id: string;
  appId?: string;
  displayName?: string;
  keyIds?: string[];
  /** Changes made by hand. */
  patch?: Record<string, unknown>;
}

/** Objects that existed before a recording began, by their recorded ids. */
export interface RecordingStart {
  /** Another recording to replay first; nothing else is given then. */
  after?: string;
  applications?: StartApplication[];
  /** Applications from the template for applications outside the gallery, with a provisioning job. */
  templates?: { application: string; servicePrincipal: string; job: string }[];
  /** `app`: id of the application if the recording lacks the appId. */
  servicePrincipals?: { id: string; appId?: string; app?: string }[];
  grants?: { id: string; clientId?: string }[];
  groups?: { id: string; displayName: string }[];
  /** `application`: the application id that the policy is for. */
  conditionalAccessPolicies?: { id: string; application: string }[];
  appRoleAssignments?: { id: string; resourceId: string; principalId: string }[];
  identityProviders?: { id: string; name?: string }[];
  /** The form of client secrets in answers. Default: omitted. */
  clientSecretInAnswers?: "masked";
  /** Ids of the existing objects, if any. */
  accessGroup?: string;
  accessPolicy?: string;
  accessApplication?: string;
}

export interface RecordedExchange {
  n: number;
  /** Method and path. */
  call: string;
  query?: string;
  body?: unknown;
  status: number;
  shape?: string;
  /** Code of the error envelope. */
  code?: string | number;
  /** Recorded ids in the answer, by property or path. */
  learn?: Record<string, string>;
}

export interface Recording {
  name: string;
  start: RecordingStart;
  exchanges: RecordedExchange[];
}

function lines(file: string): Record<string, unknown>[] {
  return readFileSync(join(FOLDER, `${file}.jsonl`), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Reads all recordings of the fixtures. */
export function readRecordings(): Recording[] {
  const all: Recording[] = [];
  for (const line of ["core", "errors", "masking", "full"].flatMap(lines)) {
    const { recording, ...rest } = line;
    if (typeof recording === "string")
      all.push({ name: recording, start: rest as RecordingStart, exchanges: [] });
    else all.at(-1)?.exchanges.push(line as unknown as RecordedExchange);
  }
  return all;
}

/** Reads the shapes of the recorded answers, by name. */
export function readShapes(): Map<string, Shape> {
  return new Map(lines("shapes").map((line) => [String(line.name), line.shape as Shape]));
}
