import type { OutputMap } from "@pulumi/pulumi/automation";
import type * as z from "zod";
import { listIdTokenClaims } from "../../config/id-token-claims";
import type { signInFields } from "../../config/sign-in";
import { listRequiredAuthenticationContexts } from "../clients/entra/authentication-contexts";
import type { ConfigValues } from "../stacks";
import { readProjectSetting } from "../stacks/settings/project-setting";

/** The sign-in that a stack's settings declare for one tenant, with the ids of its objects from the stack's outputs. */
export interface ExpectedSignIn {
  readonly tenantId: string;
  readonly accountId: string;
  readonly teamName: string;
  /** The name that the team is about to get. */
  readonly nextTeamName: string | undefined;
  /** Restricts sign-in to assigned people. */
  readonly assignedOnly: boolean;
  readonly permissions: readonly string[];
  /** Application permissions of Microsoft Graph, with their consent. */
  readonly applicationPermissions: readonly string[];
  /** Optional claims of Entra that id tokens must carry. */
  readonly idTokenClaims: readonly string[];
  /** The policies of Conditional Access on the application. */
  readonly conditionalAccess: readonly ExpectedPolicy[];
  /** The authentication contexts that access rules ask for. */
  readonly authenticationContexts: readonly string[];
  readonly clientId: string;
  readonly applicationObjectId: string;
  readonly servicePrincipalObjectId: string;
  readonly identityProviderId: string;
  /** Settings of the identity provider as Cloudflare names them, except those with a check of their own. */
  readonly identityProvider: Readonly<Record<string, unknown>>;
  /** The ids of the Entra groups that access rules name and the stack did not create, by display name. */
  readonly entraGroups: Readonly<Record<string, string>>;
  /** The names of the Entra groups that the stack creates. */
  readonly ownedEntraGroups: readonly string[];
  /** The Entra side of provisioning; undefined where the stack does not manage it. */
  readonly provisioning: ExpectedProvisioning | undefined;
  /** Makes Cloudflare load people's groups from Entra. */
  readonly supportGroups: boolean;
  readonly pkceEnabled: boolean;
  /** Key id of the client secret that Cloudflare has. */
  readonly keyId: string;
  /** The page on which a person tests the sign-in. */
  readonly testUrl: string;
}

/** The objects that the output `provisioning` names. */
export interface ExpectedProvisioning {
  readonly servicePrincipalObjectId: string;
  readonly jobId: string;
}

/** A policy of Conditional Access as the settings declare it. */
export interface ExpectedPolicy {
  readonly displayName: string;
  readonly state: "enabled" | "disabled" | "reportOnly";
  /** The last day of report-only. */
  readonly decideBy?: string | undefined;
}

/**
 * The permission profiles, deliberately duplicated: a check that took its list from the program would share every
 * mistake in it.
 */
const TUTORIAL = "email openid profile offline_access User.Read Directory.Read.All Group.Read.All";
export const PERMISSION_PROFILES: Readonly<Record<string, string>> = {
  tutorial: TUTORIAL,
  "cloudflare-current": TUTORIAL.replace("Group.Read.All", "GroupMember.Read.All"),
};

/**
 * Derives the expected sign-in of the stack's own tenant from the settings, independently of the program.
 *
 * @param entraGroups those of the output `entraGroups` for the tenant
 */
export function deriveExpectedSignIn(
  config: ConfigValues,
  outputs: OutputMap,
  entraGroups: ExpectedSignIn["entraGroups"] = {},
): ExpectedSignIn {
  const setting = (name: string) => readProjectSetting(config, name);
  const output = (name: string) => String(outputs[name]?.value);
  // Release 0.1.0 has the output `credential`.
  const credential = (outputs.credential ?? outputs.rotation)?.value as { keyId?: string } | undefined;
  const permissions = setting("permissions") as { names?: string[]; profile?: string } | undefined;
  const teamName = String(setting("teamName"));
  const provider = (setting("identityProvider") ?? {}) as IdentityProviderSettings;
  const access = setting("access") as AccessSettings | undefined;
  const application = setting("application") as { emailClaim?: boolean } | undefined;
  return {
    tenantId: String(setting("tenantId")),
    accountId: String(setting("accountId")),
    teamName,
    nextTeamName: setting("nextTeamName") as string | undefined,
    assignedOnly: access?.assignedOnly ?? false,
    permissions:
      permissions?.names ?? PERMISSION_PROFILES[permissions?.profile ?? "tutorial"]?.split(" ") ?? [],
    applicationPermissions: provider.conditionalAccessEnabled ? ["Policy.Read.ConditionalAccess"] : [],
    idTokenClaims: listIdTokenClaims(application?.emailClaim ?? false, provider.emailClaimName),
    conditionalAccess: listExpectedPolicies(setting, teamName),
    authenticationContexts: listRequiredAuthenticationContexts(access),
    clientId: output("clientId"),
    applicationObjectId: output("applicationObjectId"),
    servicePrincipalObjectId: output("servicePrincipalObjectId"),
    identityProviderId: output("identityProviderId"),
    identityProvider: toCloudflareNames(provider),
    entraGroups,
    ownedEntraGroups: Object.values(access?.ownedEntraGroups ?? {}).map(({ displayName }) => displayName),
    provisioning: outputs.provisioning?.value as ExpectedProvisioning | undefined,
    supportGroups: provider.supportGroups ?? true,
    pkceEnabled: provider.pkceEnabled ?? true,
    keyId: String(credential?.keyId),
    testUrl: output("testUrl"),
  };
}

interface AccessSettings {
  readonly assignedOnly?: boolean;
  readonly ownedEntraGroups?: Readonly<Record<string, { displayName: string }>>;
}

/** Lists the declared policies with the defaults of docs/conditional-access.md. */
function listExpectedPolicies(setting: (name: string) => unknown, teamName: string): ExpectedPolicy[] {
  const { policies = {} } = (setting("conditionalAccess") ?? {}) as {
    policies?: Record<string, Partial<ExpectedPolicy>>;
  };
  const application = setting("application") as { displayName?: string } | undefined;
  const prefix = application?.displayName ?? `Cloudflare Access (${teamName})`;
  return Object.entries(policies).map(([name, { displayName, state, decideBy }]) => ({
    displayName: displayName ?? `${prefix}: ${name}`,
    state: state ?? "reportOnly",
    decideBy,
  }));
}

/** The setting `identityProvider`, documented in docs/config.md. */
type IdentityProviderSettings = NonNullable<z.input<typeof signInFields.identityProvider>>;

/** Translates the settings to Cloudflare's names and applies the defaults of docs/config.md. */
function toCloudflareNames({
  scim = {},
  ...settings
}: IdentityProviderSettings): ExpectedSignIn["identityProvider"] {
  return {
    name: settings.displayName ?? "Entra ID",
    prompt: settings.prompt,
    claims: settings.claims,
    email_claim_name: settings.emailClaimName,
    conditional_access_enabled: settings.conditionalAccessEnabled ?? false,
    enabled: scim.enabled ?? false,
    user_deprovision: scim.userDeprovision ?? false,
    seat_deprovision: scim.seatDeprovision ?? false,
    identity_update_behavior: scim.identityUpdateBehavior ?? "no_action",
  };
}
