import type { Deployment } from "@pulumi/pulumi/automation";
import type { Topology } from "../report";

/** The names of what a stack holds, from its state. */
export function topologyOf({ deployment }: Deployment): Topology {
  const all = (deployment.resources ?? []) as { type: string; outputs?: Record<string, unknown> }[];
  // Beside the stack's own identity provider; it belongs to no tenant.
  const resources = all.filter(({ outputs }) => outputs?.type !== "onetimepin");
  const named = (type: string, ...properties: string[]) =>
    resources
      .filter((resource) => resource.type.endsWith(`:${type}`))
      .map(({ outputs = {} }) =>
        properties.map((property) => outputs[property]).find((name) => typeof name === "string"),
      )
      .filter((name) => name !== undefined)
      .map(String)
      .sort();
  return {
    application: named("Application", "displayName")[0] ?? "",
    identityProvider: named("ZeroTrustAccessIdentityProvider", "name")[0] ?? "",
    groups: named("ZeroTrustAccessGroup", "name"),
    policies: named("ZeroTrustAccessPolicy", "name"),
    applications: named("ZeroTrustAccessApplication", "name", "domain"),
  };
}
