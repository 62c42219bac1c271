import { OWN_IDENTITY_PROVIDER } from "../../../config/access/rules";
import { UserError } from "../../errors";
import type { Stack } from "../../stacks";
import { prefixTenant } from "../../tenants";
import type { Progress } from "../../terminal/progress";
import { deployStackOrRotate } from "../client-secrets/rotate-anyway";
import type { DeployResult } from "../deploy";
import { connectTenants } from "../inspect";
import { endQuarantine, renewScimSecret } from "./renew-secret";

/**
 * Renews the SCIM secret of a tenant on both sides. Provisioning is paused from the moment at which Cloudflare replaces the
 * secret until Entra has the new one, so no cycle meets the one before.
 *
 * @param signIn name of its identity provider; default: the stack's own tenant
 * @throws UserError for an unknown tenant and as {@link renewScimSecret} does; the next call or `up` resumes from there
 */
export async function rotateScimSecret(
  stack: Stack,
  progress: Progress,
  signIn = OWN_IDENTITY_PROVIDER,
): Promise<DeployResult> {
  const connected = await connectTenants(stack, progress);
  const chosen = connected.find((one) => one.signIn === signIn);
  if (!chosen)
    throw new UserError(`--identity-provider must be a tenant of stack ${stack.name}; found "${signIn}"`, [
      `Its tenants are ${connected.map((one) => one.signIn).join(", ")}: those of access.identityProviders with owned and a tenantId.`,
    ]);
  const job = await renewScimSecret(stack, chosen, progress);
  const result = await deployStackOrRotate(stack, { progress });
  if (job) {
    await endQuarantine(chosen.clouds.graph, job);
    return result;
  }
  const text = prefixTenant(
    signIn,
    `the SCIM secret is renewed, and Entra has the one before until a person enters the new one: pulumi stack output scim --show-secrets --stack ${stack.name}`,
  );
  return { ...result, actionNeeded: [...result.actionNeeded, text] };
}
