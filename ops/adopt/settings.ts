import { type IdentityProviderSettings, PERMISSION_PROFILES } from "../checks/expected-sign-in";
import type { StackConfig } from "../stacks";
import type { Candidate, Found } from "./find";

/** What cannot be taken over as it is. */
export interface Refusal {
  readonly what: string;
  readonly found: string;
  readonly wanted: string;
  readonly advice: string;
}

/** Settings, without the project's name, that declare what a candidate is; where they are the defaults, none. */
export function settingsOf(
  { teamName }: Found,
  { identityProvider, application, permissions, owners }: Candidate,
  { tenantId, accountId }: { tenantId: string; accountId: string },
): StackConfig {
  const tokens = application.optionalClaims?.idToken ?? [];
  return {
    tenantId,
    accountId,
    teamName,
    application: {
      displayName: application.displayName,
      ...(owners.application.length > 0 && { owners: owners.application }),
      ...(tokens.some(({ name }) => name === "email") && { emailClaim: true }),
    },
    permissions: permissionSettings(permissions),
    identityProvider: providerSettings(identityProvider),
  };
}

/** The one that has exactly these names, whatever their order. */
function permissionSettings(names: readonly string[]): object {
  const profile = Object.entries(PERMISSION_PROFILES).find(([, list]) => isSame(list.split(" "), names))?.[0];
  if (profile === "tutorial") return {};
  return profile ? { profile } : { names: [...names] };
}

function providerSettings({
  name,
  config,
  scim_config = {},
}: Candidate["identityProvider"]): IdentityProviderSettings {
  const text = (key: string) => (config[key] ? String(config[key]) : undefined);
  const [prompt, emailClaimName] = [text("prompt"), text("email_claim_name")];
  const claims = (config.claims ?? []) as string[];
  const update = String(scim_config.identity_update_behavior ?? "no_action");
  const scim = {
    ...(scim_config.enabled === true && { enabled: true }),
    ...(scim_config.user_deprovision === true && { userDeprovision: true }),
    ...(scim_config.seat_deprovision === true && { seatDeprovision: true }),
    ...(update !== "no_action" && { identityUpdateBehavior: update }),
  };
  return {
    displayName: name,
    ...(prompt && { prompt }),
    ...(claims.length > 0 && { claims }),
    ...(emailClaimName && { emailClaimName }),
    ...(config.support_groups !== true && { supportGroups: false }),
    ...(config.pkce_enabled !== true && { pkceEnabled: false }),
    ...(config.conditional_access_enabled === true && { conditionalAccessEnabled: true }),
    ...(Object.keys(scim).length > 0 && { scim }),
  };
}

/** What the engine would not notice, or would change without a question. */
export function refusals(candidate: Candidate, mark: string, deployer: Deployer): Refusal[] {
  const { application, servicePrincipal, consent, permissions, owners } = candidate;
  const refused: Refusal[] = [];
  const refuse = (what: string, found: string, wanted: string, advice: string) =>
    void refused.push({ what, found, wanted, advice });

  const owner = application.tags?.find((tag) => tag.startsWith("entra-access:") && tag !== mark);
  if (owner)
    refuse(
      "tags",
      owner,
      "none of another stack",
      "That stack has it: remove it there first (adopt --undo).",
    );
  const foreign = permissions.filter((name) => name.includes("/"));
  if (foreign.length > 0)
    refuse(
      "permissions that the application asks for",
      foreign.join(" "),
      "delegated permissions of Microsoft Graph alone",
      "Remove them in Entra (API permissions), or give what uses them an application of its own.",
    );
  if (!servicePrincipal)
    refuse("service principal", "none", "one", `az ad sp create --id ${application.appId}`);
  const consented = consent?.scope?.split(" ").filter(Boolean) ?? [];
  if (servicePrincipal && !isSame(consented, permissions))
    refuse(
      "admin consent",
      consented.sort().join(" ") || "none",
      [...permissions].sort().join(" "),
      'Make "API permissions" in Entra as they are to be, then "Grant admin consent".',
    );
  const mayWriteAll = deployer.roles.some((role) => /^(Application|Directory)\.ReadWrite\.All$/.test(role));
  const missing = [
    ...(owners.application.includes(deployer.id) ? [] : ["application"]),
    ...(owners.servicePrincipal.includes(deployer.id) ? [] : ["service principal"]),
  ];
  if (!deployer.isPerson && !mayWriteAll && missing.length > 0)
    refuse(
      "rights of the deployer",
      `owns not: ${missing.join(", ")}`,
      "an owner of both, as it has no Application.ReadWrite.All",
      `az ad app owner add --id ${application.appId} --owner-object-id ${deployer.id}; for the service principal: ` +
        `POST /servicePrincipals/${servicePrincipal?.id}/owners/$ref`,
    );
  return refused;
}

/** Who signs in to change things. */
export interface Deployer {
  /** Object id. */
  readonly id: string;
  /** Application permissions on Microsoft Graph. */
  readonly roles: readonly string[];
  /** People have directory roles instead, which are not judged here. */
  readonly isPerson: boolean;
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one) => others.includes(one));
}
