/** Checks of identity providers, and of groups with respect to their identity provider. */

import { OPTIONAL_SIGN_IN_SETTINGS } from "../sign-in";
import type { AccessCheck } from "./name-checks";
import { OWN_IDENTITY_PROVIDER } from "./rules";

const refuseOwnName: AccessCheck = ({ identityProviders }, refuse) => {
  if (Object.hasOwn(identityProviders, OWN_IDENTITY_PROVIDER))
    refuse(
      ["identityProviders", OWN_IDENTITY_PROVIDER],
      "must have another name, because this is the stack's own",
    );
};

/** Refuses settings that do not fit together in one {@link IdentityProviderConfig}. */
const refuseMixedKinds: AccessCheck = ({ identityProviders }, refuse) => {
  for (const [name, provider] of Object.entries(identityProviders)) {
    const { id, owned, oneTimePin, displayName, tenantId } = provider;
    const refuseSetting = (setting: string, message: string) =>
      refuse(["identityProviders", name, setting], message);
    const refuseSignIn = (message: string) => {
      for (const setting of OPTIONAL_SIGN_IN_SETTINGS)
        if (provider[setting] !== undefined) refuseSetting(setting, message);
    };
    if (oneTimePin && tenantId !== undefined)
      refuseSetting("tenantId", "must not be set for a one-time PIN, which knows no tenant");
    else if (!owned && id === undefined) refuseSetting("id", "must be set, unless owned is true");
    else if (!owned) {
      if (displayName !== undefined)
        refuseSetting("displayName", "must not be set unless owned is true: an existing one has its name");
      refuseSignIn("must not be set unless owned is true: the stack does not manage an existing one");
    } else if (id !== undefined)
      refuseSetting("owned", "must be false with an id, which is that of an existing one");
    else if (oneTimePin) refuseSignIn("must not be set for a one-time PIN");
    else if (tenantId === undefined)
      refuseSetting(
        "owned",
        "must be false without oneTimePin or tenantId: the stack creates only these two kinds",
      );
  }
};

/** Refuses one identity provider under two names: an application would list its id twice. */
const refuseRepeatedId: AccessCheck = ({ identityProviders }, refuse) => {
  const names = new Map<string, string>();
  for (const [name, { id }] of Object.entries(identityProviders)) {
    if (id === undefined) continue;
    const first = names.get(id);
    if (first === undefined) names.set(id, name);
    else refuse(["identityProviders", name, "id"], `must be another id than that of "${first}"`);
  }
};

/** Refuses a second one-time PIN, of which an account has one. */
const refuseSecondPin: AccessCheck = ({ identityProviders }, refuse) => {
  const [firstPin, ...otherPins] = Object.entries(identityProviders).filter(
    ([, { owned, oneTimePin }]) => owned && oneTimePin,
  );
  for (const [name] of otherPins)
    refuse(
      ["identityProviders", name, "owned"],
      `must be false, because "${firstPin?.[0]}" sends the account's PINs`,
    );
};

const refuseEntraGroupsWithoutTenant: AccessCheck = ({ groups, identityProviders }, refuse) => {
  for (const [name, { identityProvider, ...rules }] of Object.entries(groups)) {
    if (identityProvider === OWN_IDENTITY_PROVIDER || identityProviders[identityProvider]?.tenantId) continue;
    for (const part of ["include", "require", "exclude"] as const)
      if (rules[part]?.entraGroups) {
        const message = `must not be set, because identity provider "${identityProvider}" has no tenantId`;
        refuse(["groups", name, part, "entraGroups"], message);
      }
  }
};

/** Refuses a whole domain for one-time PINs, which are mailed to any address that asks. */
const refusePinForDomain: AccessCheck = ({ groups, identityProviders }, refuse) => {
  for (const [name, { identityProvider, include }] of Object.entries(groups))
    if (identityProviders[identityProvider]?.oneTimePin && include.emailDomains) {
      const message = "must not be set, because a one-time PIN is for people who are named";
      refuse(["groups", name, "include", "emailDomains"], message, "Use emails instead.");
    }
};

export const identityProviderChecks: readonly AccessCheck[] = [
  refuseOwnName,
  refuseMixedKinds,
  refuseRepeatedId,
  refuseSecondPin,
  refuseEntraGroupsWithoutTenant,
  refusePinForDomain,
];
