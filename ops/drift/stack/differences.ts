import type { Deployment } from "@pulumi/pulumi/automation";
import { findTenantName } from "../../recovery/tenant-state";
import { getValueAtPath, type ResourceChange } from "../../stacks/run/changes";
import { readStackState } from "../../stacks/state/state";
import type { Difference } from "../report";

const CLIENT_SECRET = "azuread:index/applicationPassword:ApplicationPassword";
/** The steps of a replacement that repeat the step `replace`. */
const REPEATED: ReadonlySet<string> = new Set(["create-replacement", "delete-replaced"]);

/**
 * Finds the differences in a preview, one per property: drift is told apart from settings that are not deployed yet, and
 * the changes of a due rotation are left out.
 *
 * @param state as it was before the preview
 * @returns also the tenants that are about to get another client secret
 */
export function findDifferences(
  changes: readonly ResourceChange[],
  state: Deployment,
): { differences: Difference[]; rotatingTenants: ReadonlySet<string | undefined> } {
  const live = readStackState(state).resources.filter((one) => !one.delete);
  const inputs = new Map(live.map((one) => [one.urn, one.inputs ?? {}]));
  // A client secret that is missing in Entra is created, one that is due is replaced.
  const rotated = changes.filter(({ op, type }) => op === "replace" && type === CLIENT_SECRET);
  const rotatingTenants = new Set(rotated.map(({ name }) => findTenantName(name)));
  const differences = changes.flatMap((change): Difference[] => {
    const { op, type, urn, name, properties } = change;
    if (REPEATED.has(op) || (type === CLIENT_SECRET && op === "replace")) return [];
    const resource = { resource: name, type: type.replace(/:[^:]*:/, " ") };
    const deployed = inputs.get(urn);
    if (op === "create") return [{ ...resource, kind: deployed ? "deleted" : "not deployed" }];
    if (op === "delete" || !deployed) return [{ ...resource, kind: "not deployed" }];
    return properties.flatMap(({ path, from, to }) => {
      if (rotatingTenants.has(findTenantName(name)) && isClientSecret(path, from, to)) return [];
      const isDeployed = isSecret(to) || stringify(getValueAtPath(deployed, path)) === to;
      const values = {
        ...(to === undefined ? {} : { expected: to }),
        ...(from === undefined ? {} : { actual: from }),
      };
      return [
        { ...resource, kind: isDeployed ? "changed" : "not deployed", property: path, ...values } as const,
      ];
    });
  });
  return { differences, rotatingTenants };
}

/** Recognizes the new client secret of an identity provider, which is secret or unknown before `up`. */
function isClientSecret(path: string, from: string | undefined, to: string | undefined): boolean {
  return (
    /^config(\.clientSecret)?$/.test(path) && [from, to].every((text) => text === undefined || isSecret(text))
  );
}

const isSecret = (text: string | undefined) => text === '"[secret]"' || text === '"(known after up)"';
const stringify = (value: unknown) => JSON.stringify(value) as string | undefined;
