import type { Deployment } from "@pulumi/pulumi/automation";
import { readStackState } from "../../stacks/state/state";
import type { Difference } from "../report";

/** A stack's contribution to the check of its Cloudflare account. */
export interface StackAccount {
  readonly accountId: string;
  /** Ids of all Cloudflare objects in the stack's state. */
  readonly managedIds: readonly string[];
  /** Absent if the stack was not or could not be checked. */
  readonly checked?: {
    /** RFC 3339: the time at which the stack last changed something itself. */
    readonly since: string;
    /** Ids of its objects that drifted, by {@link createDifferenceKey}. */
    readonly changed: Readonly<Record<string, string>>;
  };
}

export function listManagedIds(state: Deployment): string[] {
  return listCloudflareResources(state).map(({ id }) => id);
}

/** Finds the ids of objects that were changed or deleted in the cloud; settings not deployed yet do not count. */
export function findChangedIds(
  differences: readonly Difference[],
  state: Deployment,
): Record<string, string> {
  const drifted = new Set(differences.filter(({ kind }) => kind !== "not deployed").map(createDifferenceKey));
  const ids = listCloudflareResources(state).map(({ urn, type, id }) => {
    const resource = { type: type.replace(/:[^:]*:/, " "), resource: urn.split("::").at(-1) ?? "" };
    return [createDifferenceKey(resource), id] as const;
  });
  return Object.fromEntries(ids.filter(([key]) => drifted.has(key)));
}

/** Creates a key with the type, as a group and a policy may have the same name. */
export const createDifferenceKey = ({ type, resource }: Pick<Difference, "type" | "resource">) =>
  `${type} ${resource}`;

function listCloudflareResources(state: Deployment): { urn: string; type: string; id: string }[] {
  return readStackState(state).resources.flatMap(({ urn, type, id }) =>
    type.startsWith("cloudflare:") && id ? [{ urn, type, id: id.split("/").at(-1) ?? id }] : [],
  );
}
