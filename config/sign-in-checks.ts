/** Checks of the sign-in to a tenant, and of access rules that depend on it: settings without the effect they promise. */
import type * as z from "zod";
import { getAskingIdentityProvider, OWN_IDENTITY_PROVIDER } from "./access/rules";
import type { AccessConfig } from "./access/schema";
import { checkConditionalAccess } from "./conditional-access/checks";
import { getApplicationName } from "./identity-providers";
import type { optionalSignInFields, signInFields } from "./sign-in";
import type { Refuse } from "./values/fields";

type Fields = typeof signInFields;
type SignInConfig = { [name in keyof Fields]: z.output<Fields[name]> };
type OptionalFields = typeof optionalSignInFields;
type AnySignInConfig = { [name in keyof OptionalFields]?: z.output<OptionalFields[name]> };

/** The settings of a stack that say who signs in where. */
interface SignInsConfig extends SignInConfig {
  tenantId: string;
  teamName: string;
  access: Pick<AccessConfig, "identityProviders" | "groups" | "policies">;
}

/** Refuses sign-ins that would not work as they are set. Paths are relative to the settings of the stack. */
export function checkSignIns(config: SignInsConfig, refuse: Refuse): void {
  const { access } = config;
  checkSignIn(config, [], refuse);
  for (const [name, provider] of Object.entries(access.identityProviders)) {
    const path = ["access", "identityProviders", name];
    checkSignIn(provider, path, refuse);
    if (provider.owned && provider.tenantId === config.tenantId) refuseSecondDeployer(provider, path, refuse);
  }
  refuseSharedNames(config, refuse);
  refuseContextThatIsNotLoaded(config, refuse);
  refuseGroupsThatAreNotLoaded(config, refuse);
}

function checkSignIn({ conditionalAccess }: AnySignInConfig, path: readonly string[], refuse: Refuse): void {
  if (conditionalAccess)
    checkConditionalAccess(conditionalAccess, (at, ...rest) =>
      refuse([...path, "conditionalAccess", ...at], ...rest),
    );
}

/** Refuses settings of a deployer where the stack is signed in already. */
function refuseSecondDeployer(
  { environment, clientId, clientSecret }: SignInsConfig["access"]["identityProviders"][string],
  path: readonly string[],
  refuse: Refuse,
): void {
  const given = { environment: environment === "public" ? undefined : environment, clientId, clientSecret };
  for (const [name, value] of Object.entries(given))
    if (value !== undefined)
      refuse([...path, name], "must not be set for the stack's own tenant, to which it is signed in already");
}

/** Refuses a name that another sign-in to the same tenant has: in Entra, or on the page on which people choose. */
function refuseSharedNames({ access, teamName, ...own }: SignInsConfig, refuse: Refuse): void {
  const describe = (name: string, tenantId: string, { application }: AnySignInConfig, label: string) => ({
    name,
    tenantId,
    label,
    application: getApplicationName(application, teamName),
    path: ["access", "identityProviders", name],
  });
  const signIns = [
    describe(OWN_IDENTITY_PROVIDER, own.tenantId, own, own.identityProvider.displayName ?? "Entra ID"),
    ...Object.entries(access.identityProviders).flatMap(([name, { owned, tenantId, displayName, ...one }]) =>
      owned && tenantId ? [describe(name, tenantId, one, displayName ?? `Entra ID (${name})`)] : [],
    ),
  ];
  const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
  for (const [index, { tenantId, label, application, path }] of signIns.entries())
    for (const first of signIns.slice(0, index)) {
      if (first.tenantId !== tenantId) continue;
      const message = `must be another name than that of "${first.name}", which is for the same tenant`;
      if (isSame(first.application, application)) refuse([...path, "application", "displayName"], message);
      if (isSame(first.label, label)) refuse([...path, "displayName"], message);
    }
}

function refuseContextThatIsNotLoaded(
  { access, identityProvider, tenantId }: SignInsConfig,
  refuse: Refuse,
): void {
  for (const [name, policy] of Object.entries(access.policies)) {
    if (!policy.authenticationContext) continue;
    const asking = getAskingIdentityProvider(access.groups, policy);
    const isOwn = asking === OWN_IDENTITY_PROVIDER;
    const further = access.identityProviders[asking];
    const settings = isOwn ? identityProvider : further?.identityProvider;
    const setting = `${isOwn ? "" : `access.identityProviders.${asking}.`}identityProvider.conditionalAccessEnabled`;
    const rule =
      !isOwn && !(further?.owned && further.tenantId === tenantId)
        ? `for people of identity provider "${asking}", which is not for the stack's own tenant`
        : settings?.conditionalAccessEnabled
          ? undefined
          : `unless ${setting} is true`;
    const advice = "Cloudflare would not know the authentication context, and nobody would match.";
    if (rule)
      refuse(["access", "policies", name, "authenticationContext"], `must not be set ${rule}`, advice);
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
