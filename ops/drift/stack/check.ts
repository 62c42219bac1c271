import type { Deployment } from "@pulumi/pulumi/automation";
import { OWN_IDENTITY_PROVIDER } from "../../../config/access/rules";
import type { JobName } from "../../../config/deployer/jobs";
import { compareDriftedPeople } from "../../access-review/compare/compare-stack";
import { connectClouds } from "../../clients/deployer";
import { UserError } from "../../errors";
import { explainRefusal } from "../../permissions/refusal";
import type { PeopleChange, PeopleDetail, PeopleResult } from "../../preview/people";
import { readWarnings } from "../../recovery/report";
import { readApplicationIds, readTenantState } from "../../recovery/tenant-state";
import type { Stack } from "../../stacks";
import { wrapWithoutHooks } from "../../stacks/run/without-hooks";
import { readStackTarget } from "../../stacks/settings/project-setting";
import { readStackState } from "../../stacks/state/state";
import { listTenants } from "../../tenants";
import { findChangedIds, listManagedIds, type StackAccount } from "../account/stack-account";
import {
  addChangedBy,
  createUnknownDrift,
  type Difference,
  determineDriftResult,
  explainError,
  type StackDrift,
} from "../report";
import { findDifferences } from "./differences";
import { readRotationState, TenantCheck } from "./tenant";
import { readTopology } from "./topology";

/** The result of one stack's check, with its contribution to the check of its account. */
export interface StackCheck {
  readonly drift: StackDrift;
  readonly account?: StackAccount;
}

/**
 * Checks a stack against the clouds; changes neither them nor the state. Errors of the clouds become the result.
 *
 * @param people also says who gained and who lost access by drift
 */
export async function checkStack(stack: Stack, people?: PeopleDetail): Promise<StackCheck> {
  const target = { stack: stack.name, ...readStackTarget(await stack.config()) };
  const state = await stack.exportCached();
  const { accountId } = target;
  const account = accountId ? { accountId, managedIds: listManagedIds(state) } : undefined;
  try {
    const { since, ...found } = await compareStack(stack, state);
    const isDrifted = found.differences.some(({ kind }) => kind !== "not deployed");
    const drift: StackDrift = {
      ...target,
      result: determineDriftResult(found),
      ...found,
      // Without drift nobody gains or loses access, and the directory need not be read.
      ...(people && isDrifted && { people: await explainUnknown(compareDriftedPeople(stack, people)) }),
    };
    const checked = { since: since.toISOString(), changed: findChangedIds(found.differences, state) };
    return { drift, ...(account && { account: { ...account, checked } }) };
  } catch (error) {
    const rotations = await readRotations(stack, state);
    const explained = await explainStackError(error as Error, "drift", stack);
    const drift = createUnknownDrift({ ...target, ...explained, ...rotations });
    return { drift, ...(account && { account }) };
  }
}

/** Turns the failure of a comparison into the reason why its result is unknown. */
export function explainUnknown(comparison: Promise<PeopleChange>): Promise<PeopleResult> {
  return comparison.catch((error: Error) => ({ unknown: explainError(error).cause }));
}

/**
 * Reads the client secrets of all tenants from the state alone, because their ends matter most where nothing else could
 * be checked.
 */
async function readRotations(
  stack: Stack,
  state: Deployment,
): Promise<Pick<StackDrift, "rotation" | "identityProviders">> {
  const settings = await stack.providerSettings();
  const now = await connectClouds(settings).then(
    ({ entra }) => entra.now(),
    () => new Date(),
  );
  return separateOwn(
    listTenants(settings).map(({ name }) => [name, readRotationState(readTenantState(state, name), now)]),
  );
}

/** Arranges client secrets by identity provider as a report does. */
function separateOwn(
  rotations: readonly (readonly [name: string, ReturnType<typeof readRotationState>])[],
): Pick<StackDrift, "rotation" | "identityProviders"> {
  const { [OWN_IDENTITY_PROVIDER]: own, ...further } = Object.fromEntries(rotations);
  return { ...own, ...(rotations.length > 1 && { identityProviders: further }) };
}

/**
 * Compares program, state and clouds: the preview finds changed properties, each tenant its unmanaged objects.
 *
 * @throws Error with the reason if the stack could not be compared
 */
async function compareStack(
  stack: Stack,
  state: Deployment,
): Promise<Omit<StackDrift, "stack" | "result"> & { since: Date }> {
  if (!readApplicationIds(readTenantState(state)))
    throw new UserError("the stack was never deployed completely");
  const { changes, warnings } = await stack.preview({ wrapProgram: wrapWithoutHooks });
  const since = findLastChange(state);
  const tenants = await Promise.all(
    listTenants(await stack.providerSettings()).map((tenant) => TenantCheck.open(tenant, state, since)),
  );
  const { differences, rotatingTenants } = findDifferences(changes, state);
  // An update by another process would look like drift.
  if (differences.length > 0 && getTime(await stack.export()) !== getTime(state))
    throw new UserError("the stack was updated during the check");

  const unmanaged = await Promise.all(tenants.map((tenant) => tenant.findUnmanaged(stack)));
  const attributed = await Promise.all(
    differences.map(async (difference): Promise<Difference> => {
      const entries = await Promise.all(tenants.map((tenant) => tenant.readAuditEntries(difference)));
      return addChangedBy(difference, entries.flat());
    }),
  );
  return {
    since,
    differences: attributed,
    unmanaged: unmanaged.flatMap(({ objects }) => objects),
    unchecked: [
      ...readWarnings(warnings).actionNeeded.map((cause) => ({ subject: "access rules", cause })),
      ...unmanaged.flatMap(({ unchecked }) => unchecked),
      ...tenants.flatMap(({ unchecked }) => unchecked ?? []),
    ],
    ...separateOwn(
      tenants.map((tenant) => [tenant.name, tenant.readRotation(rotatingTenants.has(tenant.name))]),
    ),
    topology: readTopology(state),
  };
}

/** Explains why a job of a stack failed; names the permission that is missing. */
export async function explainStackError(
  error: Error,
  job: JobName,
  stack: Stack,
): Promise<{ cause: string; advice?: string }> {
  const explained = explainError(error);
  const advice = await explainRefusal(error, job, () => stack.providerSettings());
  return advice === undefined ? explained : { ...explained, advice };
}

function getTime({ deployment }: Deployment): string | undefined {
  return deployment.manifest?.time;
}

/** Finds the time of the stack's own last change; the time of the state itself is that of the run's beginning. */
function findLastChange(state: Deployment): Date {
  const times = readStackState(state).resources.flatMap(({ created, modified }) => [created, modified]);
  return new Date(Math.max(0, ...times.flatMap((time) => (time ? [Date.parse(time)] : []))));
}
