/** Mistakes about whose people a group is of. */
import { ownIdentityProvider } from "../components/access-settings";
import type { Check } from "./access-names";

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

/** Made or there already is one choice, and only a one-time PIN is made here. */
const madeOrThere: Check = ({ identityProviders }) => {
  const owned = Object.entries(identityProviders).filter(([, provider]) => provider.owned);
  const wrong = (name: string, setting: string, want: string) => ({
    path: ["identityProviders", name, setting],
    want,
  });
  const refused = Object.entries(identityProviders).flatMap(([name, provider]) => {
    const { id, owned, oneTimePin, displayName, tenantId } = provider;
    if (!owned && id === undefined)
      return [wrong(name, "id", "its id, or owned: true to make a one-time PIN")];
    if (owned && id !== undefined)
      return [wrong(name, "owned", "false, or no id: it is made or there already")];
    if (owned && !oneTimePin) {
      return [wrong(name, "owned", "false: only a one-time PIN is made here")];
    }
    if (!owned && displayName !== undefined)
      return [wrong(name, "displayName", "none: it has its name already")];
    return oneTimePin && tenantId !== undefined
      ? [wrong(name, "tenantId", "none: a one-time PIN knows no tenant")]
      : [];
  });
  const second = owned.slice(1).map(([name]) => {
    return wrong(name, "owned", `false: "${owned[0]?.[0]}" sends the PINs of this account`);
  });
  return [...refused, ...second];
};

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

export const identityProviderChecks: readonly Check[] = [takenName, madeOrThere, noGroups, pinForMany];
