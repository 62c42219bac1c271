import type { Interaction } from "oidc-provider";
import type { User } from "../../store/tenant";

/** Who has shown their first factor in a sign-in, and owes the second. */
const FIRST_FACTOR = "firstFactor";

export function hasShownFirst({ result }: Interaction, user: User): boolean {
  return result?.[FIRST_FACTOR] === user.id;
}

export async function keepFirst(interaction: Interaction, user: User): Promise<void> {
  interaction.result = { [FIRST_FACTOR]: user.id };
  await interaction.save(interaction.exp - Math.floor(Date.now() / 1000));
}
