import type { Interaction } from "oidc-provider";
import type { User } from "../../store/entra/tenant";

/** The interaction result that holds the id of a user who has passed the first factor. */
const FIRST_FACTOR = "firstFactor";

export function hasPassedFirstFactor({ result }: Interaction, user: User): boolean {
  return result?.[FIRST_FACTOR] === user.id;
}

export async function saveFirstFactor(interaction: Interaction, user: User): Promise<void> {
  interaction.result = { [FIRST_FACTOR]: user.id };
  await interaction.save(interaction.exp - Math.floor(Date.now() / 1000));
}
