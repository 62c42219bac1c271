/** Checks of the sign-in to a tenant, and of access rules that depend on it: settings without the effect they promise. */
import type * as z from "zod";
import { OWN_IDENTITY_PROVIDER } from "./access/rules";
import type { AccessConfig } from "./access/schema";
import { checkConditionalAccess } from "./conditional-access/checks";
import type { optionalSignInFields, signInFields } from "./sign-in";
import type { Refuse } from "./values/fields";

type Fields = typeof signInFields;
type SignInConfig = { [name in keyof Fields]: z.output<Fields[name]> };
type OptionalFields = typeof optionalSignInFields;
type AnySignInConfig = { [name in keyof OptionalFields]?: z.output<OptionalFields[name]> };

/** The settings of a stack that say who signs in where. */
interface SignInsConfig extends SignInConfig {
  tenantId: string;
  access: Pick<AccessConfig, "identityProviders" | "groups" | "policies">;
}

/** Refuses sign-ins that would not work as they are set. Paths are relative to the settings of the stack. */
export function checkSignIns(config: SignInsConfig, refuse: Refuse): void {
  const { access } = config;
  checkSignIn(config, [], refuse);
  for (const [name, provider] of Object.entries(access.identityProviders)) {
    const path = ["access", "identityProviders", name];
    checkSignIn(provider, path, refuse);
    if (provider.owned && provider.tenantId === config.tenantId)
      refuse([...path, "tenantId"], "must be another tenant than the stack's own");
  }
  refuseContextThatIsNotLoaded(config, refuse);
  refuseGroupsThatAreNotLoaded(config, refuse);
}

function checkSignIn({ conditionalAccess }: AnySignInConfig, path: readonly string[], refuse: Refuse): void {
  if (conditionalAccess)
    checkConditionalAccess(conditionalAccess, (at, ...rest) =>
      refuse([...path, "conditionalAccess", ...at], ...rest),
    );
}

function refuseContextThatIsNotLoaded({ access, identityProvider }: SignInsConfig, refuse: Refuse): void {
  if (identityProvider.conditionalAccessEnabled) return;
  for (const [name, { authenticationContext }] of Object.entries(access.policies))
    if (authenticationContext) {
      const advice = "Cloudflare would not know the authentication context, and nobody would match.";
      const path = ["access", "policies", name, "authenticationContext"];
      refuse(path, "must not be set unless identityProvider.conditionalAccessEnabled is true", advice);
    }
}

function refuseGroupsThatAreNotLoaded({ access, identityProvider }: SignInsConfig, refuse: Refuse): void {
  for (const [name, { identityProvider: at, ...rules }] of Object.entries(access.groups)) {
    const isOwn = at === OWN_IDENTITY_PROVIDER;
    const settings = isOwn ? identityProvider : access.identityProviders[at]?.identityProvider;
    if (settings?.supportGroups !== false) continue;
    for (const part of ["include", "require", "exclude"] as const)
      if (rules[part]?.entraGroups) {
        const path = ["access", "groups", name, part, "entraGroups"];
        refuse(
          path,
          `must not be set, because identity provider "${at}" does not load groups`,
          SUPPORT_GROUPS,
        );
      }
  }
}

const SUPPORT_GROUPS = "Set its supportGroups to true.";
