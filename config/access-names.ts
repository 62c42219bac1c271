/** Names that settings of `access` refer to. */
import type { AccessConfig } from "./access";
import { nearest } from "./settings";

export interface Problem {
  /** Below `access`. */
  path: (string | number)[];
  /** What would be right. */
  want: string;
}

export type Check = (access: AccessConfig) => Problem[];

/** Names of nothing, and groups within themselves. */
export function unknownNames(access: AccessConfig): Problem[] {
  const { identityProviders, groups, policies, applications } = access;
  const problems: Problem[] = [];
  const check = (of: object, what: string, names: readonly string[] | undefined, ...path: string[]) => {
    for (const [index, name] of (names ?? []).entries()) {
      if (name in of) continue;
      problems.push({
        path: [...path, index],
        want: `the name of ${what}; ${nearest(name, Object.keys(of))}`,
      });
    }
  };
  const providers = ["entra", ...Object.keys(identityProviders)];
  for (const [key, group] of Object.entries(groups)) {
    if (!providers.includes(group.identityProvider)) {
      const want = `the name of an identity provider; ${nearest(group.identityProvider, providers)}`;
      problems.push({ path: ["groups", key, "identityProvider"], want });
    }
    for (const part of ["include", "require", "exclude"] as const) {
      check(groups, "a group", group[part]?.groups, "groups", key, part, "groups");
    }
  }
  for (const [key, policy] of Object.entries(policies)) {
    for (const part of ["include", "require", "exclude"] as const) {
      check(groups, "a group", policy[part], "policies", key, part);
    }
  }
  for (const [key, { policies: named }] of Object.entries(applications)) {
    check(policies, "a policy", named, "applications", key, "policies");
  }
  const { virtualNetworks, privateRanges, privateHostnames, deviceEnrolment } = access;
  const one = (of: object, what: string, name: string | undefined, ...path: Problem["path"]) => {
    if (name === undefined || name in of) return;
    problems.push({ path, want: `the name of ${what}; ${nearest(name, Object.keys(of))}` });
  };
  for (const [key, { virtualNetwork }] of Object.entries(privateRanges)) {
    one(virtualNetworks, "a virtual network", virtualNetwork, "privateRanges", key, "virtualNetwork");
  }
  for (const [key, { destinations = [] }] of Object.entries(applications)) {
    for (const [index, { range, hostname }] of destinations.entries()) {
      const path = ["applications", key, "destinations", index];
      one(privateRanges, "a private range", range, ...path, "range");
      one(privateHostnames, "a private hostname", hostname, ...path, "hostname");
    }
  }
  check(policies, "a policy", deviceEnrolment?.policies, "deviceEnrolment", "policies");
  return problems.length > 0 ? problems : circles(groups);
}

function circles(groups: AccessConfig["groups"]): Problem[] {
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    inner(groups[from]).some((name) => {
      if (name === to) return true;
      if (seen.has(name)) return false;
      return reaches(name, to, seen.add(name));
    });
  return Object.keys(groups)
    .filter((name) => reaches(name, name))
    .map((name) => ({ path: ["groups", name], want: "a group that is not within itself" }));
}

function inner(group: AccessConfig["groups"][string] | undefined): string[] {
  return [group?.include, group?.require, group?.exclude].flatMap((rules) => rules?.groups ?? []);
}
