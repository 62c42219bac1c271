import type { Deployment } from "@pulumi/pulumi/automation";
import { readTenantState } from "../../recovery/tenant-state";
import { readStackState } from "../../stacks/state/state";
import type { Topology } from "../report";

/** Reads the names of a stack's objects from its state; application and identity provider are those of its own tenant. */
export function readTopology(state: Deployment): Topology {
  const { resources } = readStackState(state);
  const own = readTenantState(state).resources;
  const listNames = (type: string, ...properties: string[]) =>
    resources
      .filter((resource) => resource.type.endsWith(`:${type}`))
      .map(({ outputs = {} }) => properties.map((property) => outputs[property]))
      .flatMap((names) => names.find((name) => typeof name === "string") ?? [])
      .sort();
  return {
    application: String(own.get("application")?.outputs?.displayName ?? ""),
    identityProvider: String(own.get("identityProvider")?.outputs?.name ?? ""),
    groups: listNames("ZeroTrustAccessGroup", "name"),
    policies: listNames("ZeroTrustAccessPolicy", "name"),
    applications: listNames("ZeroTrustAccessApplication", "name", "domain"),
  };
}
