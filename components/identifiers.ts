/** The values by which the clouds recognize objects: what a key in the settings had after the last update, and has now. */
import * as pulumi from "@pulumi/pulumi";
import type { AccessConfig } from "../config/access/schema";
import {
  getApplicationName,
  type IdentityProviderConfig,
  type OwnedTenant,
} from "../config/identity-providers";
import { getOwn, mapValues } from "./map-values";

type IdentifiedSettings = Pick<
  AccessConfig,
  "applications" | "virtualNetworks" | "privateRanges" | "privateHostnames" | "ownedEntraGroups"
> & { identityProviders: Readonly<Record<string, IdentityProviderConfig>> };

/**
 * The values of which a cloud takes no second object, by setting in `access` and key. The output `identifiers` keeps
 * them for the next update.
 */
export type Identifiers = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** A key that was renamed. */
interface RenamedKey {
  setting: string;
  key: string;
  formerKey: string;
}

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
 * @throws RunError if a value moves from one key to another, which no order of the engine's requests can do, or if the key
 * of a tenant was renamed, by which its client secret is known
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

/** Lists what identifies the objects of each key; keys and settings without any are left out. */
export function listIdentifiers(access: IdentifiedSettings): Identifiers {
  const all: Record<keyof IdentifiedSettings, Record<string, readonly string[]>> = {
    applications: mapValues(access.applications, ({ hostnames }) =>
      hostnames.map((hostname) => `${HOST_NAME} ${hostname}`),
    ),
    virtualNetworks: mapValues(access.virtualNetworks, ({ displayName }) =>
      displayName === undefined ? [] : [`virtual network name ${displayName}`],
    ),
    privateRanges: mapValues(access.privateRanges, ({ virtualNetwork, cidr, precedence }) => [
      `route ${cidr} in ${virtualNetwork}`,
      ...listPrecedences(precedence),
    ]),
    privateHostnames: mapValues(access.privateHostnames, ({ hostname, precedence }) => [
      `route ${hostname}`,
      ...listPrecedences(precedence),
    ]),
    ownedEntraGroups: mapValues(access.ownedEntraGroups, ({ displayName }) => [
      // Entra ignores case.
      `Entra group name ${displayName.toLowerCase()}`,
    ]),
    identityProviders: mapValues(access.identityProviders, (one) => {
      if (one.kind === "tenant") return [identifySignIn(one)];
      return one.kind === "oneTimePin" ? ["one-time PIN"] : [];
    }),
  };
  const selectFilled = <T extends object>(record: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(record).filter(([, value]) => Object.keys(value).length > 0));
  return selectFilled(mapValues(all, selectFilled));
}

/** Of several sign-ins in one tenant, each has an application of another name; Entra ignores case. */
function identifySignIn({ directory: { tenantId }, sharesTenant, application }: OwnedTenant): string {
  const name = getApplicationName(application, "").toLowerCase();
  return sharesTenant ? `application ${name} of tenant ${tenantId}` : `tenant ${tenantId}`;
}

const HOST_NAME = "host name";

/** Each private network has two Gateway rules. */
const listPrecedences = (first: number) => [first, first + 1].map((number) => `Gateway precedence ${number}`);

/** Finds keys that are new, and have a value of a key that is gone. */
function findRenamedKeys(now: Identifiers, last: Identifiers): RenamedKey[] {
  return Object.entries(now).flatMap(([setting, keys]) => {
    const lastKeys = getOwn(last, setting) ?? {};
    const gone = Object.entries(lastKeys).filter(([key]) => !Object.hasOwn(keys, key));
    return Object.entries(keys).flatMap(([key, values]) => {
      if (Object.hasOwn(lastKeys, key)) return [];
      const index = gone.findIndex(([, formerValues]) =>
        formerValues.some((value) => values.includes(value)),
      );
      const [former] = index < 0 ? [] : gone.splice(index, 1);
      return former ? [{ setting, key, formerKey: former[0] }] : [];
    });
  });
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
      ? adviseWildcard(value.slice(HOST_NAME.length + 1))
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
