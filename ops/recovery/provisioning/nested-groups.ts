import type { Deployment } from "@pulumi/pulumi/automation";
import { listInnerGroups } from "../../clients/entra/nested-groups";
import { readOutputs } from "../../stacks/state/state";
import { prefixTenant } from "../../tenants";
import type { ConnectedTenant } from "../inspect";
import { readTenantState } from "../tenant-state";

/**
 * Describes the groups within groups whose people Entra does not provision, where the stack manages provisioning: Entra takes
 * the direct members of an assigned group, and tells nobody about the others.
 */
export async function describeNestedGroups(
  state: Deployment,
  { signIn, clouds }: ConnectedTenant,
): Promise<string[]> {
  if (!readTenantState(state, signIn).provisioning) return [];
  const groups = readOutputs(state).entraGroups?.value as Record<string, Record<string, string>> | undefined;
  const assigned = Object.entries(groups?.[signIn] ?? {});
  const ids = new Set(assigned.map(([, id]) => id));
  const nested: string[] = [];
  for (const [name, id] of assigned)
    for (const inner of await listInnerGroups(clouds.graph, id))
      if (!ids.has(inner.id)) nested.push(`${inner.name} in ${name}`);
  if (nested.length === 0) return [];
  const text = `Entra does not provision people of groups within groups, so deprovisioning misses those of ${nested.join(", ")}. Name the inner groups in access rules, or make their members direct: docs/provisioning.md`;
  return [prefixTenant(signIn, text)];
}
