import type { Deployment, OutputMap } from "@pulumi/pulumi/automation";
import { OWN_IDENTITY_PROVIDER } from "../../config/access/rules";
import { type RunResult, type Stack, StackError, StackLockedError } from "../stacks";
import { isStaleLock } from "../stacks/run/lock";
import {
  createImportFinder,
  type FindImport,
  keyImportsByResource,
  wrapWithImports,
} from "../stacks/state/imports";
import { readOutputs } from "../stacks/state/state";
import type { Progress } from "../terminal/progress";
import { requireAuthenticationContexts } from "./authentication-contexts";
import { cleanUpTenant, type TenantDeployResult } from "./clean-up";
import type { DeployOptions } from "./deploy-options";
import {
  type ConnectedTenant,
  connectTenants,
  createSearchContext,
  type InspectedTenant,
  inspectTenant,
} from "./inspect";
import { createOrphanSearch, getLastPart, listDeployedIds } from "./orphans/find";
import { describeNestedGroups } from "./provisioning/nested-groups";
import { renewScimSecret, selectTenantsWithLostSecret } from "./provisioning/renew-secret";
import { readResources, readTenantState } from "./tenant-state";

export type { TenantDeployResult } from "./clean-up";

/** The outcome for the stack's own tenant, and for further tenants by name. */
export interface DeployResult extends TenantDeployResult {
  readonly run: RunResult;
  readonly further: Readonly<Record<string, TenantDeployResult>>;
  /** The outputs, secret ones without a value; absent where client secrets alone were updated. */
  readonly outputs?: OutputMap;
}

/**
 * Recovers from an interrupted run in every tenant, then runs `pulumi up`. The states it recovers from are listed in
 * docs/commands/up.md. A SCIM secret that the state lacks is renewed, because Cloudflare shows it once.
 *
 * @throws StackError or UserError with the cause; the next call resumes from there
 */
export async function deployStack(stack: Stack, options: DeployOptions): Promise<DeployResult> {
  // First, because reading the state repairs what would make every other command fail.
  const state = await stack.exportCached();
  const connected = await connectTenants(stack, options.progress);
  try {
    return await deployOnce(stack, options, connected, state);
  } catch (error) {
    const tenants = selectTenantsWithLostSecret(error, connected);
    if (tenants.length === 0) throw error;
    for (const tenant of tenants) await renewScimSecret(stack, tenant, options.progress);
    return deployOnce(stack, options, connected, await stack.export());
  }
}

async function deployOnce(
  stack: Stack,
  options: DeployOptions,
  connected: readonly ConnectedTenant[],
  before: Deployment,
): Promise<DeployResult> {
  const { progress } = options;
  const { pendingCreates } = readTenantState(before);
  for (const { signIn, settings, clouds } of connected)
    if (signIn === OWN_IDENTITY_PROVIDER) await requireAuthenticationContexts(settings, clouds.graph);
  if (pendingCreates.length > 0)
    await runPastStaleLock(stack, progress, "pulumi refresh, to clear pending creates", () =>
      stack.refresh({ clearPendingCreates: true }),
    );

  let snapshots: InspectedTenant[] | undefined;
  const problems: unknown[] = [];
  const wrapProgram = wrapWithImports(async () => {
    try {
      const state = await stack.export();
      snapshots = [];
      for (const one of connected)
        snapshots.push(await inspectTenant(stack, one, readTenantState(state, one.signIn), options));
      return createFinder(stack, options, {
        snapshots,
        resources: readResources(state),
        hadPendingCreates: pendingCreates.length > 0,
        onProblem: (problem) => problems.push(problem),
      });
    } catch (error) {
      problems.push(error);
      throw error;
    }
  });
  const run = await runPastStaleLock(stack, progress, "pulumi up", () => stack.up(wrapProgram)).catch(
    (error: unknown) => {
      // The engine would wrap it in words of its own.
      throw problems[0] ?? error;
    },
  );
  if (!snapshots) throw new Error("the engine did not run the program");

  const state = await stack.export();
  const tenants: Record<string, TenantDeployResult> = {};
  for (const one of snapshots) tenants[one.signIn] = await cleanUpTenant(state, one, run, progress);
  const { [OWN_IDENTITY_PROVIDER]: own, ...further } = tenants;
  const nested = await Promise.all(connected.map((one) => describeNestedGroups(state, one)));
  const warnings = [...run.warnings, ...nested.flat()];
  const outputs = readOutputs(state);
  return { run: { ...run, warnings }, ...(own as TenantDeployResult), further, outputs };
}

interface SearchInputs {
  readonly snapshots: readonly InspectedTenant[];
  readonly resources: ReturnType<typeof readResources>;
  readonly hadPendingCreates: boolean;
  readonly onProblem: (problem: unknown) => void;
}

/** Combines the objects that an adoption imports with the search for orphaned ones. */
function createFinder(
  stack: Stack,
  { adoption, decisions = { imports: new Map(), creates: new Set() } }: DeployOptions,
  { snapshots, resources, hadPendingCreates, onProblem }: SearchInputs,
): FindImport {
  const adopted = adoption ? [...keyImportsByResource(adoption.imports), ...adoption.access] : [];
  // Without what the state has: the engine would replace it and delete the old one.
  const findAdopted = createImportFinder(adopted.filter(([key]) => !resources.has(key.join(" "))));
  const hasSign = hadPendingCreates || (!adoption && snapshots.some(({ isOrphaned }) => isOrphaned));
  let interruption: Promise<boolean> | undefined;
  let foreignIds: Promise<ReadonlySet<string>> | undefined;
  const deployedIds = listDeployedIds(resources);
  const findOrphan = createOrphanSearch({
    stackName: stack.name,
    resources,
    contexts: new Map(snapshots.map((one) => [one.signIn, createSearchContext(one, deployedIds)])),
    skipped: new Set(adoption ? [OWN_IDENTITY_PROVIDER] : []),
    decisions,
    async wasInterrupted() {
      interruption ??= hasSign ? Promise.resolve(true) : stack.wasInterrupted();
      return interruption;
    },
    async readForeignIds() {
      foreignIds ??= readForeignIds(stack);
      return foreignIds;
    },
  });
  return async (resource) => {
    try {
      return (await findAdopted(resource)) ?? (await findOrphan(resource));
    } catch (error) {
      onProblem(error);
      throw error;
    }
  };
}

async function readForeignIds(stack: Stack): Promise<ReadonlySet<string>> {
  const resources = (await stack.exportOthers()).flatMap((state) => [...readResources(state).values()]);
  return new Set(resources.flatMap(({ id }) => (id ? [getLastPart(id)] : [])));
}

/** Runs an operation of the engine; removes a stale lock of this host and runs it again. */
export async function runPastStaleLock<T>(
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
