import * as azuread from "@pulumi/azuread";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { OWN_IDENTITY_PROVIDER } from "../config/access/rules";
import { findTeamsDomain } from "../config/target";
import { GUID_PATTERN } from "../config/values/fields";
import { getTeamDomain } from "./access/team";
import { getOwn } from "./map-values";
import { getStackMark } from "./stack-mark";

/** The tenant, account and team that a stack is deployed to. */
export interface DeploymentTarget {
  /** Directory (tenant) id, e.g. "6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e01". */
  tenantId: string;
  /** Cloudflare account id, 32 hexadecimal digits. */
  accountId: string;
  /** Cloudflare Zero Trust team name, e.g. "contoso". */
  teamName: string;
  /** The name that the team is about to get; then the organization may have it already. */
  nextTeamName?: string | undefined;
}

/**
 * Checks, before anything is created, that the two providers are signed in to the target: a redirect URI for another
 * team's domain locks everybody out (AADSTS50011), and an application in the wrong tenant is worse.
 *
 * @returns the domain of the teams, e.g. "cloudflareaccess.com"
 * @throws RunError (no stack trace) that says what differs and what to change
 */
export async function checkTarget(target: DeploymentTarget): Promise<string> {
  const organization = checkOrganization(target);
  await throwProblems([checkTenant(target), organization.then(({ problem }) => problem)]);
  return (await organization).teamsDomain ?? "";
}

/** Checks the tenants of other identity providers, by name. Throws as {@link checkTarget} does. */
export async function checkTenants(
  tenants: Readonly<Record<string, { directory: Pick<DeploymentTarget, "tenantId"> }>>,
  providers: Readonly<Record<string, azuread.Provider>>,
): Promise<void> {
  const checks = Object.entries(tenants).map(([name, { directory }]) => {
    const provider = getOwn(providers, name);
    return checkTenant(directory, provider ? { provider } : {});
  });
  await throwProblems(checks);
}

/**
 * Refuses another account or tenant than that to which a sign-in is deployed: the engine would refuse to replace what is
 * protected, and an application would be left in the old tenant.
 *
 * @param getLastOutputs returns outputs of the last update by the name of the sign-in
 * @throws RunError
 */
export async function checkDeployedTargets(
  accountId: string,
  tenants: Readonly<Record<string, { directory: Pick<DeploymentTarget, "tenantId"> }>>,
  getLastOutputs: (name: string) => { tenantId?: string; accountId?: string },
): Promise<void> {
  const check = (setting: string, given: string, deployed: string | undefined, advice: string) =>
    // The provider gives back the tenant as it was configured with, in any case.
    deployed === undefined || deployed.toLowerCase() === given
      ? undefined
      : `${setting} must stay ${deployed}, to which the stack is deployed; found ${given}. ${advice}`;
  const move = (section: string) =>
    `Create another stack for it (npx entra-access new-stack), or move this one as docs/runbook.md says under "${section}".`;
  await throwProblems([
    check(
      "accountId",
      accountId,
      getLastOutputs(OWN_IDENTITY_PROVIDER).accountId,
      move("The Cloudflare account is gone"),
    ),
    ...Object.entries(tenants).map(([name, { directory }]) => {
      const isOwn = name === OWN_IDENTITY_PROVIDER;
      const setting = `${isOwn ? "" : `access.identityProviders.${name}.`}tenantId`;
      const advice = isOwn ? move("The tenant is gone") : "Add another entry for it.";
      return check(setting, directory.tenantId, getLastOutputs(name).tenantId, advice);
    }),
  ]);
}

async function throwProblems(
  checks: readonly (Promise<string | undefined> | string | undefined)[],
): Promise<void> {
  const problems = (await Promise.all(checks)).filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new pulumi.RunError(problems.join("\n"));
}

/**
 * Logs how to resume an update that was interrupted before the first one has completed, if its application is in Entra.
 * It is logged up front because no hook runs, not even `onError`, when the provider refuses the name of an orphaned
 * application.
 *
 * @param lastOutputs outputs that an update sets only at its end
 * @param displayName the name of the application
 */
export async function logHowToResume(
  { rotation, credential }: { rotation?: unknown; credential?: unknown },
  displayName: string,
): Promise<void> {
  if (rotation !== undefined || credential !== undefined) return;
  // The provider treats an empty result as an error; others come up again when the application is created.
  const found = await azuread.getApplication({ displayName }).catch(() => undefined);
  if (!found?.tags.includes(getStackMark())) return;
  void pulumi.log.info(
    `An interrupted update of this stack left the application "${displayName}" in Entra. ` +
      "`npx entra-access up` imports what it left and completes it.",
  );
}

async function checkTenant(
  { tenantId }: Pick<DeploymentTarget, "tenantId">,
  opts: pulumi.InvokeOptions = {},
): Promise<string | undefined> {
  try {
    const signedIn = await azuread.getClientConfig(opts);
    if (signedIn.tenantId.toLowerCase() === tenantId.toLowerCase()) return undefined;
    // The provider gives back what it was configured with.
    if (!GUID_PATTERN.test(signedIn.tenantId))
      return (
        `azuread:tenantId (or ARM_TENANT_ID) must be the id of the tenant, not a domain; found ${signedIn.tenantId}. ` +
        `Set it: pulumi config set azuread:tenantId ${tenantId}`
      );
    return (
      `tenantId must be ${signedIn.tenantId}, the tenant that the azuread provider is signed in to; found ${tenantId}. ` +
      "Correct it, or sign in to the other tenant (azuread:tenantId or ARM_TENANT_ID)."
    );
  } catch (error) {
    return `Could not sign in to tenant ${tenantId} with Microsoft Entra ID: ${extractCause(error)}`;
  }
}

async function checkOrganization({
  accountId,
  teamName,
  nextTeamName,
}: DeploymentTarget): Promise<{ teamsDomain?: string; problem?: string }> {
  try {
    const { authDomain } = await cloudflare.getZeroTrustOrganization({ accountId });
    const teamsDomain = findTeamsDomain(authDomain, teamName);
    if (teamsDomain) return { teamsDomain };
    const next = nextTeamName === undefined ? undefined : findTeamsDomain(authDomain, nextTeamName);
    if (next) {
      void pulumi.log.warn(
        `the Cloudflare organization has the domain ${authDomain} now: set teamName to ${nextTeamName} and remove ` +
          "nextTeamName, because the old name can be taken by somebody else",
      );
      return { teamsDomain: next };
    }
    const problem =
      `teamName must be that of account ${accountId}, whose Cloudflare organization has the domain ${authDomain}; ` +
      `found "${teamName}" (${getTeamDomain(teamName)}). Correct teamName or accountId.`;
    return { problem };
  } catch (error) {
    const problem = `Could not read the Cloudflare organization of account ${accountId}: ${extractCause(error)}`;
    return { problem };
  }
}

/** Extracts the provider's message from the error of an invoke. */
export function extractCause(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .replace(/^invocation of \S+ returned an error: /i, "")
    .replace(/\b1 error occurred:\s*\*\s*/, "")
    .trim();
}
