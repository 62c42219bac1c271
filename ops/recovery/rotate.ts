import { UserError } from "../errors";
import type { Stack } from "../stacks";
import { formatTenantOption, listTenants, OWN_TENANT, prefixTenant } from "../tenants";
import { readRotationOutput } from "./tenant-state";

/** `regular` waits for the grace of the secret before; `forced` does not; `compromised` also ends every grace. */
export type RotationMode = "regular" | "forced" | "compromised";

/**
 * Writes into the stack's settings that the next client secret is wanted; the next `up` makes it. Counts from the
 * secret in use, so asking again after a failed run asks for the same one.
 *
 * @param tenant by the name of its identity provider; default: the stack's own
 * @returns the settings and their new values
 * @throws UserError for a tenant that is not the stack's, before the first secret, and for a regular rotation within a grace
 */
export async function requestRotation(
  stack: Stack,
  how: RotationMode,
  now = new Date(),
  tenant = OWN_TENANT,
): Promise<Record<string, number>> {
  const tenants = listTenants(await stack.providerSettings()).map(({ name }) => name);
  if (!tenants.includes(tenant))
    throw new UserError(`stack ${stack.name} has no tenant ${tenant} of its own`, [
      `It signs people in at ${tenants.join(", ")}: those of access.identityProviders with owned and a tenantId.`,
    ]);
  const deployed = readRotationOutput(await stack.outputs(), tenant);
  if (!deployed)
    throw new UserError(prefixTenant(tenant, `stack ${stack.name} has no client secret yet`), [
      `npx entra-access up ${stack.name} makes the first one.`,
    ]);
  const command = `npx entra-access rotate ${stack.name}${formatTenantOption(tenant)}`;
  const { number, graceEndsAt } = deployed;
  if (how === "regular" && graceEndsAt && now.getTime() < Date.parse(graceEndsAt))
    throw new UserError(
      prefixTenant(tenant, `the secret before number ${number} is in its grace until ${graceEndsAt}`),
      [
        `Whoever still has it would lose it sooner. To rotate all the same: ${command} --force`,
        `If somebody else has a secret: ${command} --compromised`,
      ],
    );
  const group = tenant === OWN_TENANT ? "credential" : `access.identityProviders.${tenant}.credential`;
  const wanted = {
    [`${group}.rotation`]: number + 1,
    ...(how === "forced" ? { [`${group}.force`]: number + 1 } : {}),
    ...(how === "compromised" ? { [`${group}.compromised`]: number } : {}),
  };
  for (const [path, value] of Object.entries(wanted)) await stack.set(path, value);
  return wanted;
}
