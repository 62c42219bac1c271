import type { Deployment } from "@pulumi/pulumi/automation";
import { findHint } from "../../errors";
import { readApplicationIds, readTenantState } from "../../recovery/tenant-state";
import { type Stack, StackError } from "../../stacks";
import { readProjectSetting } from "../../stacks/project-setting";
import { listTenants, OWN_TENANT } from "../../tenants";
import { type AccountSight, changedIn, ownedIn } from "../account/sight";
import { type Difference, resultOf, type StackDrift, type Trace, withTraces } from "../report";
import { differencesIn } from "./differences";
import { TenantSight } from "./tenant";
import { topologyOf } from "./topology";

/** What one look at a stack found, and what it tells of the account for all its stacks. */
export interface Look {
  readonly drift: StackDrift;
  readonly account?: AccountSight;
}

/** Looks at a stack and its clouds; changes neither them nor the state. Never throws for what the clouds say. */
export async function lookAt(stack: Stack): Promise<Look> {
  const target = targetOf(await stack.config());
  const blank = { stack: stack.name, ...target, differences: [], unowned: [], gaps: [] };
  const state = await stack.export();
  const account = target.accountId ? { accountId: target.accountId, owned: ownedIn(state) } : undefined;
  try {
    const known = readTenantState(state);
    if (!readApplicationIds(known))
      return {
        drift: could({ ...blank, cause: "it was never deployed, or not to its end" }),
        ...(account && { account }),
      };
    const { changes } = await stack.preview();
    const since = lastChangeIn(state);
    const tenants = await Promise.all(
      listTenants(await stack.providerSettings()).map((tenant) => TenantSight.of(tenant, state, since)),
    );
    const { differences, rotates } = differencesIn(changes, state);
    // A run of somebody else's would look like drift.
    if (differences.length > 0 && timeOf(await stack.export()) !== timeOf(state))
      return {
        drift: could({ ...blank, cause: "somebody brought it up meanwhile" }),
        ...(account && { account }),
      };

    const mark = await stack.mark();
    const extras = await Promise.all(tenants.map((tenant) => tenant.extras(mark)));
    const traced = await Promise.all(
      differences.map(async (one) => withTraces(one, await tracesOf(one, tenants))),
    );
    const found = {
      differences: traced,
      unowned: extras.flatMap(({ unowned }) => unowned),
      gaps: [...extras.flatMap(({ gaps }) => gaps), ...tenants.flatMap(({ gap }) => gap ?? [])],
    };
    const rotations = tenants.map(
      (tenant) => [tenant.name, tenant.rotation(rotates.has(tenant.name))] as const,
    );
    const { [OWN_TENANT]: own, ...further } = Object.fromEntries(rotations);
    const drift: StackDrift = {
      ...blank,
      ...found,
      result: resultOf(found),
      ...own,
      ...(tenants.length > 1 && { identityProviders: further }),
      topology: topologyOf(state),
    };
    const looked = { since: since.toISOString(), changed: changedIn(differences, state) };
    return { drift, ...(account && { account: { ...account, looked } }) };
  } catch (error) {
    return { drift: could({ ...blank, ...reasonOf(error as Error) }), ...(account && { account }) };
  }
}

/** A stack that could not be looked at. */
export function could(about: Omit<StackDrift, "result">): StackDrift {
  return { ...about, result: "could not tell" };
}

export function reasonOf(error: Error): { cause: string; advice?: string } {
  const cause = error instanceof StackError ? (error.causes[0] ?? error.message) : error.message;
  const advice = findHint(cause)?.advice;
  return { cause, ...(advice ? { advice } : {}) };
}

export type Target = Pick<StackDrift, "tenantId" | "accountId" | "teamName">;

/** Where a stack belongs, by the settings of its project, whatever that is called. */
export function targetOf(config: Readonly<Record<string, unknown>>): Target {
  const own = (name: string) => {
    const value = readProjectSetting(config, name);
    return typeof value === "string" && value !== "" ? { [name]: value } : {};
  };
  return { ...own("tenantId"), ...own("accountId"), ...own("teamName") };
}

function timeOf({ deployment }: Deployment): string | undefined {
  return deployment.manifest?.time;
}

/** When the stack itself changed something last. The state's own time is that of the run's beginning. */
function lastChangeIn({ deployment }: Deployment): Date {
  const resources = (deployment.resources ?? []) as { created?: string; modified?: string }[];
  const times = resources.flatMap(({ created, modified }) => [created, modified]);
  return new Date(Math.max(0, ...times.flatMap((time) => (time ? [Date.parse(time)] : []))));
}

async function tracesOf(difference: Difference, tenants: readonly TenantSight[]): Promise<Trace[]> {
  return (await Promise.all(tenants.map((tenant) => tenant.tracesOf(difference)))).flat();
}
