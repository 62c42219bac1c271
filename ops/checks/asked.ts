import type { OutputMap } from "@pulumi/pulumi/automation";
import type { StackConfig } from "../stacks";

/** What a stack was asked to make, and the ids under which it should be there. */
export interface Asked {
  readonly tenantId: string;
  readonly teamName: string;
  /** Cloudflare sends people back to this address after sign-in. */
  readonly redirectUri: string;
  /** Names of delegated Microsoft Graph permissions. */
  readonly permissions: readonly string[];
  readonly clientId: string;
  readonly applicationObjectId: string;
  readonly servicePrincipalObjectId: string;
  readonly identityProviderId: string;
}

/**
 * The permission profiles, written out a second time on purpose: a check that took its list from the program would
 * agree with every mistake in it.
 */
const TUTORIAL = "email openid profile offline_access User.Read Directory.Read.All Group.Read.All";
const PROFILES: Readonly<Record<string, string>> = {
  tutorial: TUTORIAL,
  "cloudflare-current": TUTORIAL.replace("Group.Read.All", "GroupMember.Read.All"),
};

/** Derives from the stack's settings, not from its program, what must be there; the ids are its outputs. */
export function askedOf(config: StackConfig, outputs: OutputMap): Asked {
  const setting = (name: string) => config[`entra-access:${name}`];
  const output = (name: string) => String(outputs[name]?.value);
  const permissions = setting("permissions") as { names?: string[]; profile?: string } | undefined;
  const teamName = String(setting("teamName"));
  return {
    tenantId: String(setting("tenantId")),
    teamName,
    redirectUri: `https://${teamName}.cloudflareaccess.com/cdn-cgi/access/callback`,
    permissions: permissions?.names ?? PROFILES[permissions?.profile ?? "tutorial"]?.split(" ") ?? [],
    clientId: output("clientId"),
    applicationObjectId: output("applicationObjectId"),
    servicePrincipalObjectId: output("servicePrincipalObjectId"),
    identityProviderId: output("identityProviderId"),
  };
}
