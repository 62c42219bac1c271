import type { OutputMap } from "@pulumi/pulumi/automation";
import type { ConfigValues } from "../stacks";
import { readProjectSetting } from "../stacks/project-setting";

/** What a stack was asked to make for one tenant, and the ids under which it should be there. */
export interface Asked {
  readonly tenantId: string;
  /** Cloudflare account id. */
  readonly accountId: string;
  readonly teamName: string;
  /** Cloudflare sends people back to this address after sign-in. */
  readonly redirectUri: string;
  /** Whether only people may sign in who are assigned. */
  readonly assignedOnly: boolean;
  /** Names of delegated Microsoft Graph permissions. */
  readonly permissions: readonly string[];
  readonly clientId: string;
  readonly applicationObjectId: string;
  readonly servicePrincipalObjectId: string;
  readonly identityProviderId: string;
  /** Settings of the identity provider as Cloudflare names them, without those that have a check of their own. */
  readonly identityProvider: Readonly<Record<string, unknown>>;
  /** Whether Cloudflare loads people's groups from Entra. */
  readonly supportGroups: boolean;
  readonly pkceEnabled: boolean;
  /** Key id of the client secret that Cloudflare was given. */
  readonly keyId: string;
  /** Where a person tests the sign-in. */
  readonly testUrl: string;
}

/**
 * The permission profiles, written out a second time on purpose: a check that took its list from the program would
 * agree with every mistake in it.
 */
const TUTORIAL = "email openid profile offline_access User.Read Directory.Read.All Group.Read.All";
export const PROFILES: Readonly<Record<string, string>> = {
  tutorial: TUTORIAL,
  "cloudflare-current": TUTORIAL.replace("Group.Read.All", "GroupMember.Read.All"),
};

/** Derives from the settings, not from the program, what must be there for the stack's own tenant; the ids are outputs. */
export function askedOf(config: ConfigValues, outputs: OutputMap): Asked {
  const setting = (name: string) => readProjectSetting(config, name);
  const output = (name: string) => String(outputs[name]?.value);
  // The first is that of release 0.1.0.
  const credential = (outputs.credential ?? outputs.rotation)?.value as { keyId?: string } | undefined;
  const permissions = setting("permissions") as { names?: string[]; profile?: string } | undefined;
  const teamName = String(setting("teamName"));
  const provider = (setting("identityProvider") ?? {}) as ProviderSettings;
  const access = setting("access") as { assignedOnly?: boolean } | undefined;
  return {
    tenantId: String(setting("tenantId")),
    accountId: String(setting("accountId")),
    teamName,
    redirectUri: `https://${teamName}.cloudflareaccess.com/cdn-cgi/access/callback`,
    assignedOnly: access?.assignedOnly ?? false,
    permissions: permissions?.names ?? PROFILES[permissions?.profile ?? "tutorial"]?.split(" ") ?? [],
    clientId: output("clientId"),
    applicationObjectId: output("applicationObjectId"),
    servicePrincipalObjectId: output("servicePrincipalObjectId"),
    identityProviderId: output("identityProviderId"),
    identityProvider: identityProviderOf(provider),
    supportGroups: provider.supportGroups ?? true,
    pkceEnabled: provider.pkceEnabled ?? true,
    keyId: String(credential?.keyId),
    testUrl: output("testUrl"),
  };
}

/** The setting `identityProvider`: docs/config.md. */
export interface ProviderSettings {
  readonly displayName?: string;
  readonly prompt?: string;
  readonly claims?: readonly string[];
  readonly emailClaimName?: string;
  readonly supportGroups?: boolean;
  readonly pkceEnabled?: boolean;
  readonly conditionalAccessEnabled?: boolean;
  readonly scim?: {
    readonly enabled?: boolean;
    readonly userDeprovision?: boolean;
    readonly seatDeprovision?: boolean;
    readonly identityUpdateBehavior?: string;
  };
}

/** With the defaults of docs/config.md. */
function identityProviderOf({ scim = {}, ...settings }: ProviderSettings): Asked["identityProvider"] {
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
