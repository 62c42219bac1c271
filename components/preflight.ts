import * as azuread from "@pulumi/azuread";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { teamDomain } from "./access-team";

/** What a stack says about the places it is to be deployed to. */
export interface Target {
  /** Directory (tenant) id, e.g. "6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e01". */
  tenantId: string;
  /** Cloudflare account id, 32 hexadecimal digits. */
  accountId: string;
  /** Cloudflare Zero Trust team name, e.g. "contoso". */
  teamName: string;
}

/**
 * Compares the target with what the two providers are signed in to, before anything is made: a redirect URI for
 * another team's domain locks everybody out (AADSTS50011), and an application in the wrong tenant is worse.
 *
 * @throws RunError (no stack trace) that says what differs and what to change.
 */
export async function checkTarget(target: Target): Promise<void> {
  await refuse([tenantProblem(target), organizationProblem(target)]);
}

/** The same for the tenants of other identity providers, by their names. */
export async function checkTenants(
  tenants: Readonly<Record<string, Pick<Target, "tenantId">>>,
  providers: Readonly<Record<string, azuread.Provider>>,
): Promise<void> {
  const checks = Object.entries(tenants).map(([name, tenant]) => {
    const provider = providers[name];
    return tenantProblem(tenant, provider ? { provider } : {});
  });
  await refuse(checks);
}

async function refuse(checks: readonly Promise<string | undefined>[]): Promise<void> {
  const found = (await Promise.all(checks)).filter((problem) => problem !== undefined);
  if (found.length > 0) throw new pulumi.RunError(found.join("\n"));
}

/**
 * Until an update went all the way, says what finishes one that was interrupted. The engine has no better place: where
 * the provider stops at the name of an application that nobody remembers, no hook runs after it, not even `onError`.
 *
 * @param deployed whatever the last update of the stack put out that it does at its end alone
 */
export function adviseUntilDeployed(deployed: object | undefined): void {
  if (deployed) return;
  pulumi.log.info(
    "This stack was not deployed completely yet. If something of its exists already, an interrupted run made it: " +
      "`npx entra-access up` takes it over and finishes.",
  );
}

async function tenantProblem(
  { tenantId }: Pick<Target, "tenantId">,
  opts: pulumi.InvokeOptions = {},
): Promise<string | undefined> {
  try {
    const signedIn = await azuread.getClientConfig(opts);
    if (signedIn.tenantId.toLowerCase() === tenantId.toLowerCase()) return undefined;
    return (
      `tenantId is ${tenantId}, but the azuread provider is signed in to tenant ${signedIn.tenantId}. ` +
      "Correct tenantId, or sign in to the other tenant (azuread:tenantId or ARM_TENANT_ID)."
    );
  } catch (error) {
    return `Could not sign in to tenant ${tenantId} with Microsoft Entra ID: ${causeOf(error)}`;
  }
}

async function organizationProblem({ accountId, teamName }: Target): Promise<string | undefined> {
  try {
    const { authDomain } = await cloudflare.getZeroTrustOrganization({ accountId });
    if (authDomain === teamDomain(teamName)) return undefined;
    return (
      `teamName is "${teamName}" (${teamDomain(teamName)}), but the Cloudflare organization of account ` +
      `${accountId} has the domain ${authDomain}. Correct teamName or accountId.`
    );
  } catch (error) {
    return `Could not read the Cloudflare organization of account ${accountId}: ${causeOf(error)}`;
  }
}

/** The provider's own words, without the frame that the SDK puts around the error of an invoke. */
function causeOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .replace(/^invocation of \S+ returned an error: /i, "")
    .replace(/\b1 error occurred:\s*\*\s*/, "")
    .trim();
}
