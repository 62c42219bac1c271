/** Checks of applications: mistakes that would open a door, or settings without the effect they promise. */

import type { Refuse } from "../values/fields";
import { APPLICATION_HOST_PATTERN } from "../values/hosts";
import type { AccessCheck } from "./name-checks";
import { listAllowedIdentityProviders } from "./rules";
import type { AccessConfig } from "./schema";

/** Removes a final wildcard, which covers no more than the host or the path alone. */
const withoutWildcard = (hostname: string) => hostname.replace(/\/\*$/, "");
const isWholeHost = (hostname: string) => !withoutWildcard(hostname).includes("/");
/** Tells if only wildcards follow the host. */
const hasNoPath = (hostname: string) =>
  hostname
    .split("/")
    .slice(1)
    .every((segment) => segment === "*");

const refuseDenyAfterAllow: AccessCheck = ({ policies, applications }, refuse) => {
  for (const [name, application] of Object.entries(applications))
    checkPolicyOrder(policies, application.policies, ["applications", name, "policies"], refuse);
};

/** Refuses "deny" after "allow", because Access stops at the first match, and a policy that is listed twice. */
export function checkPolicyOrder(
  policies: AccessConfig["policies"],
  listed: readonly string[],
  path: readonly string[],
  refuse: Refuse,
): void {
  const decisions = listed.map((policy) => policies[policy]?.decision);
  const allow = decisions.indexOf("allow");
  for (const [index, policy] of listed.entries()) {
    if (decisions[index] === "deny" && allow >= 0 && index > allow) {
      const advice = `Anyone who matches "${listed[allow]}" is admitted before this policy is evaluated.`;
      refuse([...path, index], `must come before "${listed[allow]}"`, advice);
    } else if (listed.indexOf(policy) < index) refuse([...path, index], "must be listed only once");
  }
}

const refuseBroadBypass: AccessCheck = ({ policies, applications }, refuse) => {
  for (const [name, { policies: listed, hostnames }] of Object.entries(applications)) {
    const bypass = listed.find((policy) => policies[policy]?.decision === "bypass");
    if (!bypass) continue;
    const path = ["applications", name];
    if (listed.length > 1) {
      const advice =
        "Access evaluates bypass first, so the others would never be. Give it an application of its own.";
      refuse([...path, "policies"], `must contain "${bypass}" alone`, advice);
    }
    for (const [index, hostname] of hostnames.entries())
      if (hasNoPath(hostname))
        refuse(
          [...path, "hostnames", index],
          `must be a host name with the path that "${bypass}" is meant for`,
        );
  }
};

const refuseRepeatedHost: AccessCheck = ({ applications }, refuse) => {
  const owners = new Map<string, string>();
  for (const [name, { hostnames }] of Object.entries(applications))
    for (const [index, hostname] of hostnames.entries()) {
      const key = withoutWildcard(hostname);
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, name);
      else refuse(["applications", name, "hostnames", index], `must not be a host name of "${owner}"`);
    }
};

/**
 * Tells if a host name covers another, which may have wildcards itself. A wildcard stays within one label:
 * https://developers.cloudflare.com/cloudflare-one/access-controls/policies/app-paths/#wildcards
 */
function coversHost(pattern: string, host: string): boolean {
  const patterns = pattern.split(".");
  const labels = host.split(".");
  return (
    patterns.length === labels.length &&
    patterns.every((label, index) => coversLabel(label, labels[index] ?? ""))
  );
}

/** Tells if a label with at most one wildcard covers another. */
function coversLabel(pattern: string, label: string): boolean {
  const [start = "", end] = pattern.split("*");
  if (end === undefined) return label === start;
  return label.length >= start.length + end.length && label.startsWith(start) && label.endsWith(end);
}

/** Refuses a path of a host whose other paths no application protects. */
const refuseUnprotectedRest: AccessCheck = ({ applications }, refuse) => {
  const hosts = Object.values(applications).flatMap(({ hostnames }) =>
    hostnames.filter(isWholeHost).map(withoutWildcard),
  );
  const isProtected = (host: string) => hosts.some((other) => coversHost(other, host));
  for (const [name, { hostnames, acknowledge }] of Object.entries(applications)) {
    if (acknowledge.includes("unprotectedRest")) continue;
    for (const [index, hostname] of hostnames.entries()) {
      const host = hostname.split("/")[0] ?? "";
      const isWellFormed = APPLICATION_HOST_PATTERN.test(hostname);
      if (!isWellFormed || isWholeHost(hostname) || isProtected(host)) continue;
      const advice = `The rest of the host is unprotected. Add an application for ${host}, or set acknowledge: ["unprotectedRest"].`;
      refuse(
        ["applications", name, "hostnames", index],
        "must be on a host that is protected as a whole",
        advice,
      );
    }
  }
};

const refuseCredentialsForAllOrigins: AccessCheck = ({ applications }, refuse) => {
  for (const [name, { cors }] of Object.entries(applications))
    if (cors?.credentials && cors.origins === "all") {
      const advice = "Every site could act on behalf of people who are signed in.";
      refuse(["applications", name, "cors", "origins"], "must be a list of origins with credentials", advice);
    }
};

const refuseImpossibleRedirect: AccessCheck = (access, refuse) => {
  for (const [name, { redirect, policies }] of Object.entries(access.applications)) {
    const allowed = listAllowedIdentityProviders(access, policies);
    if (redirect && allowed.length > 1) {
      const advice = `People choose between ${allowed.join(", ")}.`;
      refuse(["applications", name, "redirect"], "must be false with several identity providers", advice);
    }
  }
};

export const applicationChecks: readonly AccessCheck[] = [
  refuseDenyAfterAllow,
  refuseBroadBypass,
  refuseRepeatedHost,
  refuseUnprotectedRest,
  refuseCredentialsForAllOrigins,
  refuseImpossibleRedirect,
];
