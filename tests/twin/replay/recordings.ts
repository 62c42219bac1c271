import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Shape } from "./shape";

const FOLDER = join(__dirname, "../../fixtures/recordings");

export interface StartApplication {
  id: string;
  appId?: string;
  displayName?: string;
  keyIds?: string[];
  /** What somebody had changed by hand. */
  patch?: Record<string, unknown>;
}

/** Objects that existed before a recording began, by their recorded ids. */
export interface Start {
  /** Another recording to replay first; nothing else is given then. */
  after?: string;
  applications?: StartApplication[];
  /** Made from the template of applications that are not in the gallery, with a job that provisions. */
  templates?: { application: string; servicePrincipal: string; job: string }[];
  /** `app`: id of the application when the recording does not tell the appId. */
  servicePrincipals?: { id: string; appId?: string; app?: string }[];
  grants?: { id: string; clientId?: string }[];
  groups?: { id: string; displayName: string }[];
  /** `application`: the application id that the policy is for. */
  conditionalAccessPolicies?: { id: string; application: string }[];
  appRoleAssignments?: { id: string; resourceId: string; principalId: string }[];
  identityProviders?: { id: string; name?: string }[];
  /** How identity providers show their client secret. Default: not at all. */
  clientSecretInAnswers?: "masked";
  /** The one of each that is there, if it is. */
  accessGroup?: string;
  accessPolicy?: string;
  accessApplication?: string;
}

export interface Exchange {
  n: number;
  /** Method and path. */
  call: string;
  query?: string;
  body?: unknown;
  status: number;
  shape?: string;
  /** Code of the error envelope. */
  code?: string | number;
  /** Recorded ids that the answer brought, by property, in objects within by path. */
  learn?: Record<string, string>;
}

export interface Recording {
  name: string;
  start: Start;
  exchanges: Exchange[];
}

function lines(file: string): Record<string, unknown>[] {
  return readFileSync(join(FOLDER, `${file}.jsonl`), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Every recording of the fixtures. */
export function recordings(): Recording[] {
  const all: Recording[] = [];
  for (const line of ["core", "errors", "masking", "full"].flatMap(lines)) {
    const { recording, ...rest } = line;
    if (typeof recording === "string") all.push({ name: recording, start: rest as Start, exchanges: [] });
    else all.at(-1)?.exchanges.push(line as unknown as Exchange);
  }
  return all;
}

/** Shapes of the recorded answers, by name. */
export function shapes(): Map<string, Shape> {
  return new Map(lines("shapes").map((line) => [String(line.name), line.shape as Shape]));
}
