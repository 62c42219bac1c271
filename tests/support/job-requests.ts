import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FeatureName, JobName, Permissions } from "../../config/deployer/jobs";
import { CLOUDFLARE_OPERATIONS } from "../../twin/cloudflare/app";
import { TOKEN_PERMISSIONS } from "../../twin/cloudflare/call";
import { AZURE_CLI_SCOPES } from "../../twin/entra/azure-cli";
import { GRAPH_OPERATIONS } from "../../twin/graph/app";
import { findGrantedPermissions } from "../../twin/graph/authorization";
import type { Caller } from "../../twin/graph/call";
import { GRAPH_PERMISSIONS, splitPermissions } from "../../twin/graph/permissions";
import { CONSENT_TO_ANYTHING, hasAction, isAllowedByRoles } from "../../twin/graph/roles";
import type { TwinRequest } from "../../twin/index";
import type { DirectoryRole } from "../../twin/store/entra/directory-roles";

/** The requests of one job on a stack with one feature, as `tests/stack/permissions.test.ts` recorded them. */
export interface RecordedJob {
  readonly job: JobName;
  /** Absent: a stack without access rules. */
  readonly feature?: FeatureName;
  /** Calls that were answered: `"graph GET /applications/{id}"`. */
  readonly requests: readonly string[];
  /** Calls that were refused for lack of a permission, which the job did without. */
  readonly refused: readonly string[];
}

const OWNED_BY = "Application.ReadWrite.OwnedBy";
const FILE = join(__dirname, "../fixtures/job-requests.json");

export const readRecordedJobs = (): RecordedJob[] => JSON.parse(readFileSync(FILE, "utf8"));

export function writeRecordedJobs(jobs: readonly RecordedJob[]): void {
  writeFileSync(FILE, `${JSON.stringify(jobs, undefined, 1)}\n`);
}

const CALLS = {
  graph: GRAPH_OPERATIONS.map(({ call }) => call),
  cloudflare: CLOUDFLARE_OPERATIONS.map(({ call }) => call),
};
const PREFIXES = { graph: /^\/(v1\.0|beta)/, cloudflare: /^\/client\/v4\/accounts\/\w+/ };

/** Names the calls of requests by their templates, each once, in the order of the alphabet. */
export function nameCalls(requests: readonly TwinRequest[]): string[] {
  const names = requests.flatMap(({ service, method, path }) => {
    if (service !== "graph" && service !== "cloudflare") return [];
    const call = `${method} ${path.replace(PREFIXES[service], "")}`;
    const template = CALLS[service].find((known) => toPattern(known).test(call));
    if (!template) throw new Error(`the twin has no call ${call}`);
    return [`${service} ${template}`];
  });
  return [...new Set(names)].sort();
}

const toPattern = (call: string) => new RegExp(`^${call.replace("$", "\\$").replace(/\{\w+\}/g, "[^/]+")}$`);

/** Decides as the twin does whether an identity with these permissions may make a call. */
export function isCallAllowed(name: string, { graph, cloudflare }: Permissions): boolean {
  const [service, method, path] = name.split(" ");
  const call = `${method} ${path}`;
  if (service === "graph") {
    const column = GRAPH_PERMISSIONS.calls[call];
    if (!column) throw new Error(`Microsoft's table has no call ${call}`);
    // Who deploys next need not own the application for provisioning, whose owner is who created it.
    const isOwned = !path?.includes("/synchronization/");
    const isGranted = (entry: string) =>
      splitPermissions(entry).every((one) => graph.includes(one) && (isOwned || one !== OWNED_BY));
    return column.length === 0 || column.some(isGranted);
  }
  const operation = CLOUDFLARE_OPERATIONS.find((one) => one.call === call);
  if (!operation) throw new Error(`the twin has no call ${call}`);
  if (operation.permission === "any" || operation.permission === "user") return true;
  const group = TOKEN_PERMISSIONS[operation.permission];
  return cloudflare.includes(`${group} Write`) || (method === "GET" && cloudflare.includes(`${group} Read`));
}

/** Decides as the twin does whether a person with these roles may make a call to Graph that a job recorded. */
export function isCallAllowedForPerson(
  name: string,
  roles: readonly DirectoryRole[],
  job: RecordedJob,
): boolean {
  const [service, method, path] = name.split(" ");
  if (service !== "graph") return true;
  const call = `${method} ${path}`;
  const caller = { user: { roles }, permissions: AZURE_CLI_SCOPES } as unknown as Caller;
  if (findGrantedPermissions(call, caller).length === 0 || !isAllowedByRoles(call, roles)) return false;
  // The only role that a job assigns on Microsoft Graph is that of authentication contexts.
  const consents =
    job.feature === "authenticationContexts" && /^(POST|DELETE) .*\/appRoleAssignedTo/.test(call);
  return !consents || hasAction(roles, CONSENT_TO_ANYTHING);
}
