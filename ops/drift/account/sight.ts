import type { Deployment } from "@pulumi/pulumi/automation";
import type { Difference } from "../report";

/** What one stack tells of its Cloudflare account. */
export interface AccountSight {
  readonly accountId: string;
  /** Ids of everything of Cloudflare's in the stack's state. */
  readonly owned: readonly string[];
  /** Absent where the stack was not looked at, or could not be. */
  readonly looked?: {
    /** RFC 3339: when the stack itself changed something last. */
    readonly since: string;
    /** Ids of its objects there that are not as declared, by {@link keyOf}. */
    readonly changed: Readonly<Record<string, string>>;
  };
}

interface Held {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
}

export function ownedIn(state: Deployment): string[] {
  return heldIn(state).map(({ id }) => id);
}

/** Of what somebody changed or deleted in the cloud, not of what nobody brought up yet. */
export function changedIn(differences: readonly Difference[], state: Deployment): Record<string, string> {
  const wanted = new Set(differences.filter(({ kind }) => kind !== "settings").map(keyOf));
  const ids = heldIn(state).map(({ urn, type, id }) => {
    return [
      keyOf({ type: type.replace(/:[^:]*:/, " "), resource: urn.split("::").at(-1) ?? "" }),
      id,
    ] as const;
  });
  return Object.fromEntries(ids.filter(([key]) => wanted.has(key)));
}

/** Names are of a type: a group and a policy may share one. */
export const keyOf = ({ type, resource }: Pick<Difference, "type" | "resource">) => `${type} ${resource}`;

function heldIn({ deployment }: Deployment): { urn: string; type: string; id: string }[] {
  return ((deployment.resources ?? []) as Held[]).flatMap(({ urn, type, id }) =>
    type.startsWith("cloudflare:") && id ? [{ urn, type, id: id.split("/").at(-1) ?? id }] : [],
  );
}
