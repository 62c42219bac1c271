import type { Deployment } from "@pulumi/pulumi/automation";
import { findTenantName } from "../../recovery/tenant-state";
import { getValueAtPath, type ResourceChange } from "../../stacks/changes";
import type { Difference } from "../report";

const CREDENTIAL = "azuread:index/applicationPassword:ApplicationPassword";
/** The steps of a replacement around the one that tells what differs. */
const AROUND: ReadonlySet<string> = new Set(["create-replacement", "delete-replaced"]);

/**
 * What a preview says, one entry per property: what differs in the clouds apart from what nobody brought up yet, and
 * without what a due rotation changes.
 *
 * @param state as it was before the preview
 * @returns also the tenants that are about to get another secret
 */
export function differencesIn(
  changes: readonly ResourceChange[],
  { deployment }: Deployment,
): { differences: Difference[]; rotates: ReadonlySet<string | undefined> } {
  const resources = (deployment.resources ?? []) as { urn: string; inputs?: unknown; delete?: boolean }[];
  const inputs = new Map(resources.filter((one) => !one.delete).map((one) => [one.urn, one.inputs ?? {}]));
  // A secret that is missing in Entra is created; one that is there and replaced has come to its time.
  const rotated = changes.filter(({ op, type }) => op === "replace" && type === CREDENTIAL);
  const rotates = new Set(rotated.map(({ name }) => findTenantName(name)));
  const differences = changes.flatMap((change): Difference[] => {
    const { op, type, urn, name, properties } = change;
    if (AROUND.has(op) || (type === CREDENTIAL && op === "replace")) return [];
    const resource = { resource: name, type: type.replace(/:[^:]*:/, " ") };
    const known = inputs.get(urn);
    if (op === "create") return [{ ...resource, kind: known ? "gone" : "settings" }];
    if (op === "delete" || !known) return [{ ...resource, kind: "settings" }];
    return properties.flatMap(({ path, from, to }) => {
      if (rotates.has(findTenantName(name)) && isSecretOf(path, from, to)) return [];
      const kind = isSecret(to) || asText(getValueAtPath(known, path)) === to ? "changed" : "settings";
      const values = {
        ...(to === undefined ? {} : { declared: to }),
        ...(from === undefined ? {} : { found: from }),
      };
      return [{ ...resource, kind, property: path, ...values } as const];
    });
  });
  return { differences, rotates };
}

/** The new secret on its way to Cloudflare: its value is secret, or not known before `up`. */
function isSecretOf(path: string, from: string | undefined, to: string | undefined): boolean {
  return (
    /^config(\.clientSecret)?$/.test(path) && [from, to].every((text) => text === undefined || isSecret(text))
  );
}

const isSecret = (text: string | undefined) => text === '"[secret]"' || text === '"(known after up)"';
const asText = (value: unknown) => JSON.stringify(value) as string | undefined;
