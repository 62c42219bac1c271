import { listIdTokenClaims } from "../../config/id-token-claims";
import { MARK_PREFIX } from "../../config/mark";
import { signInFields } from "../../config/sign-in";
import { formatRole } from "../checks/context";
import { PERMISSION_PROFILES } from "../checks/expected-sign-in";
import type { ConfigValues } from "../stacks";
import type { RefusedSetting } from "./access/refusals";
import { ASSIGNMENT } from "./access/select";
import type { AccessImport } from "./access/selector";
import type { AssignedGroups } from "./assignments";
import type { AdoptionCandidate, CandidateSearch } from "./candidates";

/** A reason why a set-up cannot be adopted as it is. */
export interface AdoptionBlocker {
  readonly subject: string;
  readonly actual: string;
  readonly expected: string;
  readonly advice: string;
}

/** Builds the config that declares a candidate as it is, by name without the project; defaults are left out. */
export function buildAdoptedConfig(
  { teamName }: CandidateSearch,
  { identityProvider, application, servicePrincipal, permissions, owners }: AdoptionCandidate,
  {
    tenantId,
    accountId,
    assigned,
  }: { tenantId: string; accountId: string; assigned?: AssignedGroups | undefined },
): ConfigValues {
  const claims = application.optionalClaims?.idToken ?? [];
  const tags = application.tags?.filter((tag) => !tag.startsWith(MARK_PREFIX)) ?? [];
  return {
    tenantId,
    accountId,
    teamName,
    application: {
      displayName: application.displayName,
      ...(owners.application.length > 0 && { owners: owners.application }),
      ...(claims.some(({ name }) => name === "email") && { emailClaim: true }),
      ...(tags.length > 0 && { tags }),
      ...keepDeclarable({
        homepageUrl: application.web?.homePageUrl,
        notes: application.notes,
        serviceManagementReference: application.serviceManagementReference,
      }),
      ...(servicePrincipal?.tags?.includes("HideApp") && { hidden: true }),
      ...(assigned && { appRoleId: assigned.appRoleId }),
    },
    permissions: convertPermissions(permissions.filter(isDelegated)),
    identityProvider: convertIdentityProvider(identityProvider),
  };
}

/** Keeps the settings that the program accepts; it leaves what they are about as it is otherwise. */
function keepDeclarable(
  settings: Partial<
    Record<"homepageUrl" | "notes" | "serviceManagementReference", string | null | undefined>
  >,
) {
  const { shape } = signInFields.application.unwrap();
  const accepted = Object.entries(settings).filter(
    ([name, value]) => value && shape[name as keyof typeof settings].safeParse(value).success,
  );
  return Object.fromEntries(accepted);
}

/** Returns whether a requested permission is a delegated one of Microsoft Graph, which the settings can name. */
const isDelegated = (name: string) => !/[/:]/.test(name);

/** Chooses the profile that has exactly these permissions in any order; otherwise lists their names. */
function convertPermissions(names: readonly string[]): object {
  const profile = Object.entries(PERMISSION_PROFILES).find(([, list]) => isSame(list.split(" "), names))?.[0];
  if (profile === "tutorial") return {};
  return profile ? { profile } : { names: [...names] };
}

function convertIdentityProvider({
  name,
  config,
  scim_config: shownScim = {},
}: AdoptionCandidate["identityProvider"]): object {
  const text = (key: string) => (config[key] ? String(config[key]) : undefined);
  const [prompt, emailClaimName] = [text("prompt"), text("email_claim_name")];
  const claims = (config.claims ?? []) as string[];
  const update = String(shownScim.identity_update_behavior ?? "no_action");
  const scim = {
    ...(shownScim.enabled === true && { enabled: true }),
    ...(shownScim.user_deprovision === true && { userDeprovision: true }),
    ...(shownScim.seat_deprovision === true && { seatDeprovision: true }),
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

/** Describes a setting that declares the candidate as it is and that the program refuses. */
export function describeRefusedSetting({ path, problem }: RefusedSetting): AdoptionBlocker {
  const [, expected = problem, actual = "unset"] = /^(.*?); found (.*)$/.exec(problem) ?? [];
  return {
    subject: path,
    actual,
    expected,
    advice: "Change it in Entra or at Cloudflare, then run this again.",
  };
}

/** Finds blockers that the engine would not notice, or would change without a question. */
export function findBlockers(
  candidate: AdoptionCandidate,
  mark: string,
  deployer: DeployerIdentity,
): AdoptionBlocker[] {
  const { application, servicePrincipal, owners, assignments } = candidate;
  const blockers: AdoptionBlocker[] = [];
  const block = (subject: string, actual: string, expected: string, advice: string) =>
    void blockers.push({ subject, actual, expected, advice });

  const owner = application.tags?.find((tag) => tag.startsWith(MARK_PREFIX) && tag !== mark);
  if (owner)
    block(
      "tags",
      owner,
      "no tag of another stack",
      "The other stack manages it: remove it there first (adopt --undo).",
    );
  const emailClaim = findMissingEmailClaim(candidate);
  if (emailClaim !== undefined)
    block(
      "identityProvider.emailClaimName",
      emailClaim,
      "a claim that the id tokens have",
      "An update would add it, and with it change the addresses of people. To keep them, remove the name at Cloudflare; " +
        "to change them, add the optional claim in Entra (Token configuration). Then run this again.",
    );
  if (!servicePrincipal)
    block("service principal", "none", "one", `az ad sp create --id ${application.appId}`);
  blockers.push(...findPermissionBlockers(candidate));
  if (!assignments)
    block(
      "assignments",
      "could not be read",
      "a deployer that may read and write them",
      "Grant it AppRoleAssignment.ReadWrite.All and Application.Read.All with admin consent.",
    );
  const mayWriteAll = deployer.roles.some((role) => /^(Application|Directory)\.ReadWrite\.All$/.test(role));
  const missing = [
    ...(owners.application.includes(deployer.id) ? [] : ["application"]),
    ...(owners.servicePrincipal.includes(deployer.id) ? [] : ["service principal"]),
  ];
  if (!deployer.isPerson && !mayWriteAll && missing.length > 0)
    block(
      "permissions of the deployer",
      `does not own: ${missing.join(", ")}`,
      "an owner of both, or Application.ReadWrite.All",
      `az ad app owner add --id ${application.appId} --owner-object-id ${deployer.id}; for the service principal: ` +
        `POST /servicePrincipals/${servicePrincipal?.id}/owners/$ref`,
    );
  return blockers;
}

/** Finds the differences between the permissions of a candidate and those that the program would request. */
function findPermissionBlockers(candidate: AdoptionCandidate): AdoptionBlocker[] {
  const { identityProvider, servicePrincipal, permissions, consent, conditionalAccessConsent } = candidate;
  const blockers: AdoptionBlocker[] = [];
  const isOn = identityProvider.config.conditional_access_enabled === true;
  const foreign = permissions.filter((name) => !isDelegated(name) && !(isOn && name === CONTEXTS_PERMISSION));
  if (foreign.length > 0)
    blockers.push({
      subject: "requested permissions",
      actual: foreign.join(" "),
      expected: "only delegated permissions of Microsoft Graph",
      advice:
        "Remove the others in Entra (API permissions); whatever uses them needs an application of its own.",
    });
  if (isOn && !(permissions.includes(CONTEXTS_PERMISSION) && conditionalAccessConsent))
    blockers.push({
      subject: "identityProvider.conditionalAccessEnabled",
      actual: "on, without the application permission Policy.Read.ConditionalAccess or its consent",
      expected: "both, without which Cloudflare loads no authentication contexts",
      advice:
        'Add the permission in Entra (API permissions > Microsoft Graph > Application permissions), then "Grant admin ' +
        'consent"; or turn the setting off at Cloudflare, if no rule asks for an authentication context. Then run this again.',
    });
  const consented = consent?.scope?.split(" ").filter(Boolean) ?? [];
  const delegated = permissions.filter(isDelegated);
  if (servicePrincipal && !isSame(consented, delegated))
    blockers.push({
      subject: "admin consent",
      actual: consented.sort().join(" ") || "none",
      expected: delegated.sort().join(" "),
      advice: 'Correct "API permissions" in Entra, then "Grant admin consent".',
    });
  return blockers;
}

const CONTEXTS_PERMISSION = formatRole("Policy.Read.ConditionalAccess");

/** Lists the consent with which Cloudflare loads authentication contexts; empty if it loads none. */
export function listConditionalAccessConsents({
  conditionalAccessConsent: id,
}: AdoptionCandidate): AccessImport[] {
  const key = [ASSIGNMENT, "entra-conditional-access-consent"] as const;
  return id ? [{ kind: "permission", name: "Policy.Read.ConditionalAccess", id, key }] : [];
}

/**
 * Returns whether a preview can show what an import would change: without a consent it would create one, and it would show
 * again what blockers about permissions say.
 */
export function canPreviewImport(candidate: AdoptionCandidate): boolean {
  const blockers = findPermissionBlockers(candidate);
  return candidate.consent !== undefined && blockers.every(({ subject }) => subject === "admin consent");
}

/** Finds the optional claim that Cloudflare is told to take the address from, and that the id tokens lack. */
function findMissingEmailClaim({ application, identityProvider }: AdoptionCandidate): string | undefined {
  const present = application.optionalClaims?.idToken?.map(({ name }) => name) ?? [];
  const { email_claim_name: name } = identityProvider.config;
  const requested = listIdTokenClaims(false, name ? String(name) : undefined);
  return requested.find((claim) => !present.includes(claim));
}

/** The principal that deploys the stack. */
export interface DeployerIdentity {
  /** Object id. */
  readonly id: string;
  /** Application permissions on Microsoft Graph. */
  readonly roles: readonly string[];
  /** People have directory roles instead, which are not checked here. */
  readonly isPerson: boolean;
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one) => others.includes(one));
}
