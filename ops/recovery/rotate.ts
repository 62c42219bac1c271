import { UserError } from "../errors";
import type { Stack } from "../stacks";
import { deployedRotation } from "./known";

/** `regular` waits for the grace of the secret before; `forced` does not; `compromised` also ends every grace. */
export type How = "regular" | "forced" | "compromised";

/**
 * Writes into the stack's settings that the next client secret is wanted; the next `up` makes it. Counts from the
 * secret in use, so asking again after a failed run asks for the same one.
 *
 * @returns the settings and their new values
 * @throws UserError before the first secret, and for a regular rotation within a grace
 */
export async function askForRotation(
  stack: Stack,
  how: How,
  now = new Date(),
): Promise<Record<string, number>> {
  const deployed = deployedRotation(await stack.outputs());
  if (!deployed)
    throw new UserError(`stack ${stack.name} has no client secret yet`, [
      `npx entra-access up ${stack.name} makes the first one.`,
    ]);
  const { number, graceEndsAt } = deployed;
  if (how === "regular" && graceEndsAt && now.getTime() < Date.parse(graceEndsAt))
    throw new UserError(`the secret before number ${number} is in its grace until ${graceEndsAt}`, [
      `Whoever still has it would lose it sooner. To rotate all the same: npx entra-access rotate ${stack.name} --force`,
      `If somebody else has a secret: npx entra-access rotate ${stack.name} --compromised`,
    ]);
  const wanted = {
    "credential.rotation": number + 1,
    ...(how === "forced" ? { "credential.force": number + 1 } : {}),
    ...(how === "compromised" ? { "credential.compromised": number } : {}),
  };
  for (const [path, value] of Object.entries(wanted)) await stack.set(path, value);
  return wanted;
}
