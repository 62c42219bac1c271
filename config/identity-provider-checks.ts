/** Mistakes about whose people a group is of. */
import { ownIdentityProvider } from "../components/access-settings";
import type { Check } from "./access-names";
import { furtherSettings } from "./sign-in";

const takenName: Check = ({ identityProviders }) =>
  ownIdentityProvider in identityProviders
    ? [{ path: ["identityProviders", ownIdentityProvider], want: "another name: this is the stack's own" }]
    : [];

const noGroups: Check = ({ groups, identityProviders }) =>
  Object.entries(groups).flatMap(([name, { identityProvider, ...rules }]) => {
    if (identityProvider === ownIdentityProvider || identityProviders[identityProvider]?.tenantId) return [];
    return (["include", "require", "exclude"] as const)
      .filter((part) => rules[part]?.entraGroups)
      .map((part) => ({
        path: ["groups", name, part, "entraGroups"],
        want: `none: identity provider "${identityProvider}" has no tenantId to look them up in`,
      }));
  });

/** Made or there already is one choice; a one-time PIN is made here, and the sign-in of an Entra tenant. */
const madeOrThere: Check = ({ identityProviders }) =>
  Object.entries(identityProviders).flatMap(([name, provider]) => {
    const wrong = (setting: string, want: string) => ({ path: ["identityProviders", name, setting], want });
    const { id, owned, oneTimePin, displayName, tenantId } = provider;
    const given = furtherSettings.filter((setting) => provider[setting] !== undefined);
    const refused = (want: string) => given.map((setting) => wrong(setting, want));
    if (oneTimePin && tenantId !== undefined)
      return [wrong("tenantId", "none: a one-time PIN knows no tenant")];
    if (!owned) {
      if (id === undefined) return [wrong("id", "its id, or owned: true to make it")];
      const has = displayName === undefined ? [] : [wrong("displayName", "none: it has its name already")];
      return [...has, ...refused("none: it is there already, and not the stack's")];
    }
    if (id !== undefined) return [wrong("owned", "false, or no id: it is made or there already")];
    if (oneTimePin) return refused("none: a one-time PIN has no such settings");
    return tenantId === undefined
      ? [wrong("owned", "false, or oneTimePin, or a tenantId: only these two are made here")]
      : [];
  });

/** An account has one that sends PINs, and a tenant one application of the stack. */
const madeOnce: Check = ({ identityProviders }) => {
  const owned = Object.entries(identityProviders).filter(([, provider]) => provider.owned);
  const wrong = (name: string, setting: string, want: string) => ({
    path: ["identityProviders", name, setting],
    want,
  });
  const pins = owned.filter(([, { oneTimePin }]) => oneTimePin);
  const seconds = owned.flatMap(([name, { tenantId }], index) => {
    const first = owned.slice(0, index).find(([, other]) => tenantId && isSame(other.tenantId, tenantId));
    return first ? [wrong(name, "tenantId", `another tenant: "${first[0]}" signs in there`)] : [];
  });
  return [
    ...pins
      .slice(1)
      .map(([name]) => wrong(name, "owned", `false: "${pins[0]?.[0]}" sends the PINs of this account`)),
    ...seconds,
  ];
};

/** As the directory compares them. */
const isSame = (one: string | undefined, other: string) => one?.toLowerCase() === other.toLowerCase();

/** A PIN goes to any address that asks: it is for people who are named. */
const pinForMany: Check = ({ groups, identityProviders }) =>
  Object.entries(groups).flatMap(([name, { identityProvider, include }]) =>
    identityProviders[identityProvider]?.oneTimePin && include.emailDomains
      ? [
          {
            path: ["groups", name, "include", "emailDomains"],
            want: "emails: a one-time PIN is for people who are named",
          },
        ]
      : [],
  );

export const identityProviderChecks: readonly Check[] = [
  takenName,
  madeOrThere,
  madeOnce,
  noGroups,
  pinForMany,
];
