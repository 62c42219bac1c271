import type { Deployment } from "@pulumi/pulumi/automation";
import { readTenantState } from "../../recovery/tenant-state";
import type { Topology } from "../report";

/** The names of what a stack holds, from its state; application and identity provider are those of its own tenant. */
export function topologyOf(state: Deployment): Topology {
  type Held = { type: string; outputs?: Record<string, unknown> };
  const resources = (state.deployment.resources ?? []) as Held[];
  const own = readTenantState(state).resources;
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
    application: String(own.get("application")?.outputs?.displayName ?? ""),
    identityProvider: String(own.get("identityProvider")?.outputs?.name ?? ""),
    groups: named("ZeroTrustAccessGroup", "name"),
    policies: named("ZeroTrustAccessPolicy", "name"),
    applications: named("ZeroTrustAccessApplication", "name", "domain"),
  };
}
