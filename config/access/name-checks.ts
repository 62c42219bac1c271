/** Checks of the names by which settings of `access` refer to each other. */

import { type Refuse, suggestName } from "../values/fields";
import { OWN_IDENTITY_PROVIDER } from "./rules";
import type { AccessConfig } from "./schema";

/** Refuses what an application, a policy or another setting must not be. Paths are relative to `access`. */
export type AccessCheck = (access: AccessConfig, refuse: Refuse) => void;

/** Refuses names of groups, policies and so on that are not defined. */
export const refuseUnknownNames: AccessCheck = (access, refuse) => {
  const { identityProviders, groups, policies, applications, virtualNetworks, privateRanges } = access;
  const checkName = (defined: object, what: string, name: string | undefined, path: (string | number)[]) => {
    if (name === undefined || Object.hasOwn(defined, name)) return;
    refuse(path, `must be the name of ${what}`, suggestName(name, Object.keys(defined)));
  };
  const checkNames = (defined: object, what: string, names: readonly string[] = [], path: string[]) => {
    for (const [index, name] of names.entries()) checkName(defined, what, name, [...path, index]);
  };
  const allIdentityProviders = { [OWN_IDENTITY_PROVIDER]: {}, ...identityProviders };
  for (const [key, group] of Object.entries(groups)) {
    const path = ["groups", key, "identityProvider"];
    checkName(allIdentityProviders, "an identity provider", group.identityProvider, path);
    for (const part of ["include", "require", "exclude"] as const)
      checkNames(groups, "a group", group[part]?.groups, ["groups", key, part, "groups"]);
  }
  for (const [key, policy] of Object.entries(policies))
    for (const part of ["include", "require", "exclude"] as const)
      checkNames(groups, "a group", policy[part], ["policies", key, part]);
  for (const [key, application] of Object.entries(applications))
    checkNames(policies, "a policy", application.policies, ["applications", key, "policies"]);
  for (const [key, { virtualNetwork }] of Object.entries(privateRanges))
    checkName(virtualNetworks, "a virtual network", virtualNetwork, ["privateRanges", key, "virtualNetwork"]);
  for (const [key, { destinations = [] }] of Object.entries(applications))
    for (const [index, { range, hostname }] of destinations.entries()) {
      const path = ["applications", key, "destinations", index];
      checkName(privateRanges, "a private range", range, [...path, "range"]);
      checkName(access.privateHostnames, "a private hostname", hostname, [...path, "hostname"]);
    }
  const enrolmentPolicies = access.deviceEnrolment?.policies;
  checkNames(policies, "a policy", enrolmentPolicies, ["deviceEnrolment", "policies"]);
};

export const refuseGroupCycles: AccessCheck = ({ groups }, refuse) => {
  const listInner = (name: string) => {
    const { include, require, exclude } = groups[name] ?? {};
    return [include, require, exclude].flatMap((rules) => rules?.groups ?? []);
  };
  for (const name of Object.keys(groups)) {
    const reachable = new Set(listInner(name));
    for (const inner of reachable) for (const next of listInner(inner)) reachable.add(next);
    if (reachable.has(name))
      refuse(["groups", name], "must not contain itself, also not through other groups");
  }
};
