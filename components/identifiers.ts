/** Keys in the settings that were renamed since the last update, and values that move between keys. */
import * as pulumi from "@pulumi/pulumi";
import {
  findRenamedKeys,
  HOST_NAME,
  type IdentifiedSettings,
  type Identifiers,
  listIdentifiers,
  type RenamedKey,
} from "../config/values/identifiers";
import { getOwn } from "./map-values";

/** The names of a key's resources. */
const RESOURCE_NAMES: Readonly<Record<keyof IdentifiedSettings, (key: string) => readonly string[]>> = {
  applications: (key) => [`access-application-${key}`],
  virtualNetworks: (key) => [`access-virtual-network-${key}`],
  privateRanges: (key) => ["", "-closed", "-applications"].map((end) => `access-range-${key}${end}`),
  privateHostnames: (key) => ["", "-closed", "-applications"].map((end) => `access-hostname-${key}${end}`),
  ownedEntraGroups: (key) => [`entra-group-${key}`, `entra-assignment-${key}`],
  // The component; its child follows.
  identityProviders: (key) => [key],
};

/**
 * Keeps the resources of keys that were renamed since the last update: without that, the engine would create a second
 * object before it deletes the first, and the cloud would refuse it.
 *
 * @returns what identifies the objects now
 * @throws RunError if a value moves from one key to another, because the engine has no order of requests that a cloud would
 * accept; or if the key of a tenant was renamed, because outputs and recovery find its client secret by that key
 */
export function keepRenamedResources(access: IdentifiedSettings, last: Identifiers): Identifiers {
  const now = listIdentifiers(access);
  const renamed = findRenamedKeys(now, last);
  refuseMoves(now, last, renamed);
  refuseRenamedTenants(access, renamed);
  const formerNames = new Map(
    renamed.flatMap(({ setting, key, formerKey }) => {
      const listNames = RESOURCE_NAMES[setting as keyof IdentifiedSettings];
      const former = listNames(formerKey);
      return listNames(key).map((name, index) => [name, former[index]] as const);
    }),
  );
  if (formerNames.size > 0)
    pulumi.runtime.registerStackTransformation(({ name, props, opts }) => {
      const formerName = formerNames.get(name);
      if (formerName === undefined) return undefined;
      return { props, opts: { ...opts, aliases: [...(opts.aliases ?? []), { name: formerName }] } };
    });
  return now;
}

function refuseMoves(now: Identifiers, last: Identifiers, renamed: readonly RenamedKey[]): void {
  const former = new Map(
    renamed.map(({ setting, key, formerKey }) => [`${setting}.${key}`, `${setting}.${formerKey}`]),
  );
  const owners = new Map(listOwners(last));
  for (const [value, owner] of listOwners(now)) {
    const lastOwner = owners.get(value);
    if (lastOwner === undefined || lastOwner === owner || lastOwner === former.get(owner)) continue;
    const advice = value.startsWith(HOST_NAME)
      ? adviseWildcard(value.slice(HOST_NAME.length))
      : `Deploy access.${lastOwner} without it first.`;
    throw new pulumi.RunError(
      `access.${lastOwner} must give up ${value} before the update in which access.${owner} gets it. ${advice}`,
    );
  }
}

function refuseRenamedTenants(
  { identityProviders }: IdentifiedSettings,
  renamed: readonly RenamedKey[],
): void {
  for (const { setting, key, formerKey } of renamed) {
    if (setting !== "identityProviders" || getOwn(identityProviders, key)?.kind !== "tenant") continue;
    throw new pulumi.RunError(
      `access.identityProviders.${key} must keep the key "${formerKey}", by which its client secret is known. ` +
        "For another name on the login page, set displayName.",
    );
  }
}

/** Lists each value with its setting and key. */
function listOwners(identifiers: Identifiers): [value: string, owner: string][] {
  return Object.entries(identifiers).flatMap(([setting, keys]) =>
    Object.entries(keys).flatMap(([key, values]) =>
      values.map((value): [string, string] => [value, `${setting}.${key}`]),
    ),
  );
}

/** Says how a host name moves between applications while something protects it. */
export function adviseWildcard(hostname: string): string {
  const wildcard = hostname.replace(/^[^.]*/, "*").replace(/\/.*/, "");
  return (
    `Nothing would protect it between the two: in three updates, add an application for ${wildcard} with the same policies, ` +
    "remove the host name here, and add it there; then remove the application for the wildcard."
  );
}
