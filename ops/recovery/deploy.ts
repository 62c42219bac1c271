import type { Deployment } from "@pulumi/pulumi/automation";
import { connectClouds, type DeployerClouds } from "../clients/deployer";
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
  /** Sends Cloudflare its copy of the client secret again, whether or not anything differs. Default false. */
  readonly resend?: boolean;
  /** What was made by hand in the stack's own tenant and is taken over, as the providers import it: looked for no more. Default: nothing. */
  readonly adopts?: AdoptedResources | undefined;
}

export interface AdoptedResources {
  readonly application: ApplicationIds;
  readonly imports: ReadonlyMap<TenantResourceKind, string>;
  /** Of groups, policies and applications of Access. */
  readonly access: readonly (readonly [ResourceKey, string])[];
}

/** What came of one tenant. */
export interface TenantDeployResult {
  /** The client secret that Cloudflare signs in with now. */
  readonly deployed: RotationOutput | undefined;
  /** Credentials that are gone from Entra now. */
  readonly removed: readonly ObsoleteClientSecret[];
  /** What is wrong with the credentials that are left. */
  readonly findings: readonly ClientSecretIssue[];
  /** What else a person has to look at. */
  readonly doubts: readonly string[];
}

/** Of the stack's own tenant, and by name of the further ones. */
export interface DeployResult extends TenantDeployResult {
  readonly run: RunResult;
  readonly further: Readonly<Record<string, TenantDeployResult>>;
}

/** A tenant's name, and the clouds as its deployer sees them. */
interface Deployer {
  readonly tenant: string;
  readonly clouds: DeployerClouds;
}

/** What was found of a tenant under the stack's lock, before its program ran. */
interface Found extends Deployer, Omit<OrphanedResources, "imports"> {
  readonly imports: readonly (readonly [ResourceKey, id: string])[];
  readonly mark: string;
  /** Key ids of the application's credentials. */
  readonly seen: ReadonlySet<string>;
  readonly resent: ResendResult;
}

/**
 * Recovers from whatever an earlier run left, in every tenant, then runs the stack: docs/operations.md has the states it may
 * find.
 *
 * @throws StackError or UserError with the cause; the next call goes on from there
 */
export async function deployStack(stack: Stack, options: DeployOptions): Promise<DeployResult> {
  const { progress } = options;
  // First of all: it mends what keeps every other command from working.
  const { pendingCreates } = readTenantState(await stack.export());
  const deployers: Deployer[] = [];
  for (const { name, settings } of listTenants(await stack.providerSettings())) {
    const title = prefixTenant(name, "Signing in to both clouds");
    deployers.push({ tenant: name, clouds: await progress.step(title, () => connectClouds(settings)) });
  }
  if (pendingCreates.length > 0)
    await unlocked(stack, progress, "pulumi refresh, because the last run died while making something", () =>
      stack.refresh({ clearPendingCreates: true }),
    );

  let found: Found[] | undefined;
  let problem: unknown;
  const around = wrapWithImports(async () => {
    try {
      const [mark, state] = [await stack.mark(), await stack.export()];
      found = [];
      for (const deployer of deployers)
        found.push(await lookAt(stack, deployer, readTenantState(state, deployer.tenant), mark, options));
      return [...found.flatMap(({ imports }) => imports), ...accessOf(readTenantState(state), options)];
    } catch (error) {
      // The engine would wrap it in words of its own.
      problem = error;
      throw error;
    }
  });
  const run = await unlocked(stack, progress, "pulumi up", () => stack.up(around)).catch((error: unknown) => {
    throw problem ?? error;
  });
  if (!found) throw new Error("the engine did not run the program");

  const state = await stack.export();
  const tenants: Record<string, TenantDeployResult> = {};
  for (const one of found) tenants[one.tenant] = await cleanUp(state, one, run, progress);
  const { [OWN_TENANT]: own, ...further } = tenants;
  return { run, ...(own as TenantDeployResult), further };
}

/** A step of the engine; where the lock of a dead run of this host is in the way, takes it off and runs it again. */
async function unlocked<T>(
  stack: Stack,
  progress: Progress,
  title: string,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await progress.step(title, run);
  } catch (error) {
    if (!(error instanceof StackLockedError)) throw error;
    if (error.locks.length === 0 || !error.locks.every(isStaleLock)) throw lockedByOthers(error);
    const pids = error.locks.map(({ pid }) => pid).join(", ");
    await progress.step(`Taking off the lock of a run that died (pid ${pids})`, () => stack.unlock());
    return await progress.step(title, run);
  }
}

function lockedByOthers({ operation, causes, result, locks }: StackLockedError): StackError {
  const advice =
    locks.length === 0
      ? "Wait until it ends; if it died, pulumi cancel takes the lock off."
      : "Wait until it ends. If it died, run this on that host as that user, or take the lock off: pulumi cancel.";
  return new StackError(operation, [...causes, advice], result);
}

/** Nobody else can change the stack meanwhile: the engine holds its lock. */
async function lookAt(
  stack: Stack,
  { tenant, clouds }: Deployer,
  known: TenantState,
  mark: string,
  { resend: again = false, adopts }: DeployOptions,
): Promise<Found> {
  const isAdopted = adopts && tenant === OWN_TENANT;
  const orphans = isAdopted ? asOrphans(adopts, known) : await findOrphanedResources(clouds, mark, known);
  const { application } = orphans;
  const all = (application && (await ifThere(listClientSecrets(clouds.graph, application, mark)))) ?? [];
  const stray = findObsoleteClientSecrets({ all, known, mark, deployed: undefined, now: clouds.entra.now() });
  const isDoubtful = stray.some(({ reason }) => reason === "unknown");
  const withSecrets = async () => readTenantState(await stack.export({ secrets: true }), tenant);
  const resent =
    again || isDoubtful ? await resendClientSecret(clouds, await withSecrets(), application) : undefined;
  if (again && resent && "refused" in resent)
    throw new UserError(
      prefixTenant(tenant, `Entra does not accept the secret that the state holds: ${resent.refused}`),
      [
        `Cloudflare keeps what it has. This makes a new secret: npx entra-access rotate${formatTenantOption(tenant)} --force`,
      ],
    );
  const seen = new Set(all.map(({ keyId }) => keyId));
  return {
    ...orphans,
    imports: keyImportsByResource(orphans.imports, tenant),
    tenant,
    clouds,
    mark,
    seen,
    resent,
  };
}

/** What must be imported of Access. Not what the state has: the engine would replace it, and delete what it had. */
function accessOf({ keys }: TenantState, { adopts }: DeployOptions) {
  return adopts?.access.filter(([key]) => !keys.has(key.join(" "))) ?? [];
}

/** What an interrupted adoption has not taken over yet. */
function asOrphans(
  { application, imports }: AdoptedResources,
  { resources }: TenantState,
): OrphanedResources {
  const missing = [...imports].filter(([kind]) => !resources.has(kind));
  return { application, imports: new Map(missing), doubts: [] };
}

/** The application may be deleted: then the run makes it again. */
async function ifThere<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch((error: { statusCode?: number }) => {
    if (error.statusCode === 404) return undefined;
    throw error;
  });
}

/** After a run that succeeded: what nobody needs any more goes, what a person has to know is said. */
async function cleanUp(
  state: Deployment,
  { tenant, clouds, mark, seen, resent, doubts }: Found,
  run: RunResult,
  progress: Progress,
): Promise<TenantDeployResult> {
  const known = readTenantState(state, tenant);
  const application = readApplicationIds(known);
  const { deployed } = known;
  if (!application || !deployed) return { deployed, removed: [], findings: [], doubts };
  const all = await listClientSecrets(clouds.graph, application, mark);
  const now = clouds.entra.now();
  const isGiven = wasGiven(deployed.keyId, tenant, run, resent);
  const going = findObsoleteClientSecrets({ all, known, mark, deployed, now })
    // What was made since the lock was given back is another run's.
    .filter(({ keyId, reason }) => reason !== "unknown" || (isGiven && seen.has(keyId)));
  if (going.length > 0)
    await progress.step(prefixTenant(tenant, `Removing ${going.map(nameOf).join(", ")}`), async () => {
      for (const { keyId } of going) await removeClientSecret(clouds.graph, application, keyId);
    });
  const gone = new Set(going.map(({ keyId }) => keyId));
  const left = all.filter(({ keyId }) => !gone.has(keyId));
  const findings = checkClientSecrets({ all: left, known, mark, deployed, now });
  return { deployed, removed: going, findings, doubts };
}

/** Whether Cloudflare was given this credential just now: whatever it had before is not in use any more. */
function wasGiven(keyId: string, tenant: string, { changes }: RunResult, resent: ResendResult): boolean {
  if (resent && "keyId" in resent && resent.keyId === keyId) return true;
  const [type, name] = getResourceKey("identityProvider", tenant);
  // Whatever changes there, the provider sends all of it.
  return changes.some(
    (change) => change.type === type && change.name === name && ["create", "update"].includes(change.op),
  );
}

function nameOf({ rotation, keyId, reason }: ObsoleteClientSecret): string {
  return `client secret number ${rotation} (${keyId}): ${reason}`;
}
