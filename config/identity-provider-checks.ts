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

export const identityProviderChecks: readonly Check[] = [takenName, noGroups, pinForMany];
