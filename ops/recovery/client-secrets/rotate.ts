import { OWN_IDENTITY_PROVIDER } from "../../../config/access/rules";
import { UserError } from "../../errors";
import type { Stack } from "../../stacks";
import { readOutputs } from "../../stacks/state/state";
import { formatTenantOption, listTenants, prefixTenant } from "../../tenants";
import { readWarnings } from "../report";
import { readRotationOutput } from "../tenant-state";
import { readCause } from "./client-secrets-only";

/** `regular` waits until the overlap has ended; `forced` does not; `compromised` also ends every overlap. */
export type RotationMode = "regular" | "forced" | "compromised";

/**
 * Requests the next client secret in the stack's config; the next `up` makes it. Counts from the secret in use, so a
 * second request after a failed run requests the same one.
 *
 * @param signIn name of its identity provider; default: the stack's own tenant
 * @returns the config values that were written, by path
 * @throws UserError for an unknown tenant, before the first secret, and for a regular rotation within the overlap
 */
export async function requestRotation(
  stack: Stack,
  mode: RotationMode,
  now = new Date(),
  signIn = OWN_IDENTITY_PROVIDER,
): Promise<Record<string, number>> {
  const tenants = listTenants(await stack.providerSettings()).map(({ name }) => name);
  if (!tenants.includes(signIn))
    throw new UserError(`--identity-provider must be a tenant of stack ${stack.name}; found "${signIn}"`, [
      `Its tenants are ${tenants.join(", ")}: those of access.identityProviders with owned and a tenantId.`,
    ]);
  const deployed = readRotationOutput(readOutputs(await stack.exportCached()), signIn);
  if (!deployed)
    throw new UserError(prefixTenant(signIn, `stack ${stack.name} has no client secret yet`), [
      `Make the first one: npx entra-access up ${stack.name}`,
    ]);
  const command = `npx entra-access rotate ${stack.name}${formatTenantOption(signIn)}`;
  const { number, graceEndsAt } = deployed;
  if (mode === "regular" && graceEndsAt && now.getTime() < Date.parse(graceEndsAt))
    throw new UserError(
      prefixTenant(signIn, `the client secret before number ${number} overlaps with it until ${graceEndsAt}`),
      [
        `A rotation now would end that early for whatever still uses it. Rotate anyway: ${command} --force`,
        `If the client secret has leaked: ${command} --compromised`,
      ],
    );
  const group =
    signIn === OWN_IDENTITY_PROVIDER ? "credential" : `access.identityProviders.${signIn}.credential`;
  const settings = {
    [`${group}.rotation`]: number + 1,
    ...(mode === "forced" ? { [`${group}.force`]: number + 1 } : {}),
    ...(mode === "compromised" ? { [`${group}.compromised`]: number } : {}),
  };
  await stack.set(settings);
  return settings;
}

/** Previews a stack whose client secrets are up to date. @returns what a person must act on, as text */
export async function checkRemainder(stack: Stack): Promise<string[]> {
  try {
    const { changes, warnings } = await stack.preview();
    const count = changes.length === 1 ? "1 resource is" : `${changes.length} resources are`;
    const drift = `${count} not in sync. List them: npx entra-access drift ${stack.name}`;
    return [...readWarnings(warnings).actionNeeded, ...(changes.length > 0 ? [drift] : [])];
  } catch (error) {
    return [`the rest of the stack could not be checked: ${readCause(error)}`];
  }
}
