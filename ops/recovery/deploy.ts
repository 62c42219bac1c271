import type { Deployment } from "@pulumi/pulumi/automation";
import { connectClouds, type DeployerClouds } from "../clients/deployer";
import { ignoreNotFound } from "../clients/errors";
import { UserError } from "../errors";
import { type RunResult, type Stack, StackError, StackLockedError } from "../stacks";
import { keyImportsByResource, wrapWithImports } from "../stacks/imports";
import { isStaleLock } from "../stacks/lock";
import { formatTenantOption, listTenants, OWN_TENANT, prefixTenant } from "../tenants";
import type { Progress } from "../terminal/progress";
import {
  type ClientSecretIssue,
  checkClientSecrets,
  findObsoleteClientSecrets,
  listClientSecrets,
  listMarks,
  type ObsoleteClientSecret,
  removeClientSecret,
} from "./client-secrets";
import { findOrphanedResources, type OrphanedResources } from "./orphans";
import { type ResendResult, resendClientSecret } from "./resend";
import {
  type ApplicationIds,
  getResourceKey,
  type ResourceKey,
  type RotationOutput,
  readApplicationIds,
  readTenantState,
  type TenantResourceKind,
  type TenantState,
} from "./tenant-state";

export interface DeployOptions {
  readonly progress: Progress;
  /** Sends the client secret to Cloudflare again, whether or not anything differs. Default: false. */
  readonly resend?: boolean;
  /** Existing resources of the stack's own tenant to import; replaces the search for orphaned ones. Default: none. */
  readonly adoption?: AdoptedResources | undefined;
}

export interface AdoptedResources {
  readonly application: ApplicationIds;
  /** Ids in the form that the providers import. */
  readonly imports: ReadonlyMap<TenantResourceKind, string>;
  /** Groups, policies and applications of Access. */
  readonly access: readonly (readonly [ResourceKey, string])[];
}

/** The outcome of a deployment for one tenant. */
export interface TenantDeployResult {
  /** The client secret that Cloudflare signs in with now. */
  readonly deployed: RotationOutput | undefined;
  /** Client secrets that this run removed from Entra. */
  readonly removed: readonly ObsoleteClientSecret[];
  readonly clientSecretIssues: readonly ClientSecretIssue[];
  /** Orphaned resources that only a person can sort out. */
  readonly ambiguities: readonly string[];
}

/** The outcome for the stack's own tenant, and for further tenants by name. */
export interface DeployResult extends TenantDeployResult {
  readonly run: RunResult;
  readonly further: Readonly<Record<string, TenantDeployResult>>;
}

interface ConnectedTenant {
  readonly tenant: string;
  readonly clouds: DeployerClouds;
}

/** The contents of a tenant under the stack's lock, before the program ran. */
interface TenantSnapshot extends ConnectedTenant, Omit<OrphanedResources, "imports"> {
  readonly imports: readonly (readonly [ResourceKey, id: string])[];
  readonly mark: string;
  readonly keyIds: ReadonlySet<string>;
  readonly resent: ResendResult;
}

/**
 * Recovers from an interrupted run in every tenant, then runs `pulumi up`. The states it recovers from are listed in
 * docs/commands/up.md.
 *
 * @throws StackError or UserError with the cause; the next call resumes from there
 */
export async function deployStack(stack: Stack, options: DeployOptions): Promise<DeployResult> {
  const { progress } = options;
  // First, because reading the state repairs what would make every other command fail.
  const { pendingCreates } = readTenantState(await stack.export());
  const connected: ConnectedTenant[] = [];
  for (const { name, settings } of listTenants(await stack.providerSettings())) {
    const title = prefixTenant(name, "Signing in to both clouds");
    connected.push({ tenant: name, clouds: await progress.step(title, () => connectClouds(settings)) });
  }
  if (pendingCreates.length > 0)
    await runPastStaleLock(stack, progress, "pulumi refresh, to clear pending creates", () =>
      stack.refresh({ clearPendingCreates: true }),
    );

  let snapshots: TenantSnapshot[] | undefined;
  let problem: unknown;
  const wrapProgram = wrapWithImports(async () => {
    try {
      const [mark, state] = [await stack.mark(), await stack.export()];
      snapshots = [];
      for (const one of connected)
        snapshots.push(await inspectTenant(stack, one, readTenantState(state, one.tenant), mark, options));
      return [
        ...snapshots.flatMap(({ imports }) => imports),
        ...listMissingAccess(readTenantState(state), options),
      ];
    } catch (error) {
      // The engine would wrap it in words of its own.
      problem = error;
      throw error;
    }
  });
  const run = await runPastStaleLock(stack, progress, "pulumi up", () => stack.up(wrapProgram)).catch(
    (error: unknown) => {
      throw problem ?? error;
    },
  );
  if (!snapshots) throw new Error("the engine did not run the program");

  const state = await stack.export();
  const tenants: Record<string, TenantDeployResult> = {};
  for (const one of snapshots) tenants[one.tenant] = await cleanUpTenant(state, one, run, progress);
  const { [OWN_TENANT]: own, ...further } = tenants;
  return { run, ...(own as TenantDeployResult), further };
}

/** Runs an operation of the engine; removes a stale lock of this host and runs it again. */
async function runPastStaleLock<T>(
  stack: Stack,
  progress: Progress,
  title: string,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await progress.step(title, run);
  } catch (error) {
    if (!(error instanceof StackLockedError)) throw error;
    if (error.locks.length === 0 || !error.locks.every(isStaleLock)) throw explainLock(error);
    const pids = error.locks.map(({ pid }) => pid).join(", ");
    await progress.step(`Removing a stale lock (pid ${pids})`, () => stack.unlock());
    return await progress.step(title, run);
  }
}

function explainLock({ operation, causes, result, locks }: StackLockedError): StackError {
  const advice =
    locks.length === 0
      ? "Wait until it ends; if its process is dead, remove the lock: pulumi cancel"
      : "Wait until it ends. If its process is dead, run this on that host as that user, or remove the lock: pulumi cancel";
  return new StackError(operation, [...causes, advice], result);
}

/** Reads a tenant while the engine holds the stack's lock, so that no other run can change the stack. */
async function inspectTenant(
  stack: Stack,
  { tenant, clouds }: ConnectedTenant,
  state: TenantState,
  mark: string,
  { resend = false, adoption }: DeployOptions,
): Promise<TenantSnapshot> {
  const isAdopted = adoption && tenant === OWN_TENANT;
  const orphans = isAdopted
    ? listMissingResources(adoption, state)
    : await findOrphanedResources(clouds, mark, state);
  const { application } = orphans;
  // The application may have been deleted; the run then creates it again.
  const all =
    (application &&
      (await listClientSecrets(clouds.graph, application, listMarks(mark, state)).catch(ignoreNotFound))) ??
    [];
  const obsolete = findObsoleteClientSecrets({
    all,
    state,
    mark,
    deployed: undefined,
    now: clouds.entra.now(),
  });
  const hasOrphan = obsolete.some(({ reason }) => reason === "orphaned");
  const readWithSecrets = async () => readTenantState(await stack.export({ secrets: true }), tenant);
  const resent =
    resend || hasOrphan ? await resendClientSecret(clouds, await readWithSecrets(), application) : undefined;
  if (resend && resent && "refused" in resent)
    throw new UserError(
      prefixTenant(tenant, `Entra does not accept the client secret in the state: ${resent.refused}`),
      [
        `Cloudflare keeps the one it has. Make a new client secret: npx entra-access rotate${formatTenantOption(tenant)} --force`,
      ],
    );
  const keyIds = new Set(all.map(({ keyId }) => keyId));
  const imports = keyImportsByResource(orphans.imports, tenant);
  return { ...orphans, imports, tenant, clouds, mark, keyIds, resent };
}

/** Lists what to import of Access. Leaves out what the state has: the engine would replace it and delete the old one. */
function listMissingAccess({ keys }: TenantState, { adoption }: DeployOptions) {
  return adoption?.access.filter(([key]) => !keys.has(key.join(" "))) ?? [];
}

/** Lists what an interrupted adoption has not imported yet. */
function listMissingResources(
  { application, imports }: AdoptedResources,
  { resources }: TenantState,
): OrphanedResources {
  const missing = [...imports].filter(([kind]) => !resources.has(kind));
  return { application, imports: new Map(missing), ambiguities: [] };
}

/** Removes obsolete client secrets after a successful run, and checks those that remain. */
async function cleanUpTenant(
  deployment: Deployment,
  { tenant, clouds, mark, keyIds, resent, ambiguities }: TenantSnapshot,
  run: RunResult,
  progress: Progress,
): Promise<TenantDeployResult> {
  const state = readTenantState(deployment, tenant);
  const application = readApplicationIds(state);
  const { deployed } = state;
  if (!application || !deployed) return { deployed, removed: [], clientSecretIssues: [], ambiguities };
  const all = await listClientSecrets(clouds.graph, application, listMarks(mark, state));
  const now = clouds.entra.now();
  const isSent = wasSentToCloudflare(deployed.keyId, tenant, run, resent);
  const removed = findObsoleteClientSecrets({ all, state, mark, deployed, now })
    // A secret made after the lock was released belongs to another run.
    .filter(({ keyId, reason }) => reason !== "orphaned" || (isSent && keyIds.has(keyId)));
  if (removed.length > 0) {
    const names = removed.map(
      ({ rotation, keyId, reason }) => `client secret number ${rotation} (${keyId}): ${reason}`,
    );
    await progress.step(prefixTenant(tenant, `Removing ${names.join(", ")}`), async () => {
      for (const { keyId } of removed) await removeClientSecret(clouds.graph, application, keyId);
    });
  }
  const removedIds = new Set(removed.map(({ keyId }) => keyId));
  const remaining = all.filter(({ keyId }) => !removedIds.has(keyId));
  const clientSecretIssues = checkClientSecrets({ all: remaining, state, mark, deployed, now });
  return { deployed, removed, clientSecretIssues, ambiguities };
}

/** Returns whether this run sent the client secret to Cloudflare, so that no earlier one is in use any more. */
function wasSentToCloudflare(
  keyId: string,
  tenant: string,
  { changes }: RunResult,
  resent: ResendResult,
): boolean {
  if (resent && "keyId" in resent && resent.keyId === keyId) return true;
  const [type, name] = getResourceKey("identityProvider", tenant);
  // The provider sends every property with any change.
  return changes.some(
    (change) => change.type === type && change.name === name && ["create", "update"].includes(change.op),
  );
}
