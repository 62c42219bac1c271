/** The values by which the clouds recognize objects: what a key in the settings had after the last update, and has now. */
import type { AccessConfig } from "../access/schema";
import { getApplicationName, type IdentityProviderConfig, type OwnedTenant } from "../identity-providers";

/** The settings in `access` whose objects are recognized. */
export type IdentifiedSettings = Pick<
  AccessConfig,
  "applications" | "virtualNetworks" | "privateRanges" | "privateHostnames" | "ownedEntraGroups"
> & { identityProviders: Readonly<Record<string, IdentityProviderConfig>> };

/**
 * The values of which a cloud takes no second object, by setting in `access` and key. The output `identifiers` keeps
 * them for the next update.
 */
export type Identifiers = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** A key that was renamed. */
export interface RenamedKey {
  setting: string;
  key: string;
  formerKey: string;
}

/** The beginning of the value of a host name. */
export const HOST_NAME = "host name ";

/** Lists what identifies the objects of each key; keys and settings without any are left out. */
export function listIdentifiers(access: IdentifiedSettings): Identifiers {
  const all: Record<keyof IdentifiedSettings, Identifiers[string]> = {
    applications: identify(access.applications, ({ hostnames }) => hostnames.map((one) => HOST_NAME + one)),
    virtualNetworks: identify(access.virtualNetworks, ({ displayName }) =>
      displayName === undefined ? [] : [`virtual network name ${displayName}`],
    ),
    privateRanges: identify(access.privateRanges, ({ virtualNetwork, cidr, precedence }) => [
      `route ${cidr} in ${virtualNetwork}`,
      ...listPrecedences(precedence),
    ]),
    privateHostnames: identify(access.privateHostnames, ({ hostname, precedence }) => [
      `route ${hostname}`,
      ...listPrecedences(precedence),
    ]),
    ownedEntraGroups: identify(access.ownedEntraGroups, ({ displayName }) => [
      // Entra ignores case.
      `Entra group name ${displayName.toLowerCase()}`,
    ]),
    identityProviders: identify(access.identityProviders, (one) => {
      if (one.kind === "tenant") return [identifySignIn(one)];
      return one.kind === "oneTimePin" ? ["one-time PIN"] : [];
    }),
  };
  return Object.fromEntries(Object.entries(all).filter(([, keys]) => Object.keys(keys).length > 0));
}

function identify<T>(
  settings: Readonly<Record<string, T>>,
  list: (one: T) => readonly string[],
): Identifiers[string] {
  const identified = Object.entries(settings).map(([key, one]) => [key, list(one)] as const);
  return Object.fromEntries(identified.filter(([, values]) => values.length > 0));
}

/** Identifies a sign-in by its tenant, and by the name of its application where the tenant has several; Entra ignores case. */
function identifySignIn({ directory: { tenantId }, sharesTenant, application }: OwnedTenant): string {
  const name = getApplicationName(application, "").toLowerCase();
  return sharesTenant ? `application ${name} of tenant ${tenantId}` : `tenant ${tenantId}`;
}

/** Each private network has two Gateway rules. */
const listPrecedences = (first: number) => [first, first + 1].map((number) => `Gateway precedence ${number}`);

/** Finds keys that are new, and have a value of a key that is gone. */
export function findRenamedKeys(now: Identifiers, last: Identifiers): RenamedKey[] {
  return Object.entries(now).flatMap(([setting, keys]) => {
    const lastKeys = last[setting] ?? {};
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
