import { UserError } from "../errors";

/**
 * The salt by which a passphrase can be told from a wrong one. Pulumi keeps it in the state and in the stack's settings
 * file; where the file lacks it, Pulumi takes any passphrase, and `up` with a wrong one puts null in place of every
 * secret of the state (seen with 3.232.0; tests/state).
 *
 * @param state what `pulumi stack export` printed
 * @returns undefined when the secrets are not encrypted with a passphrase
 */
export function readSalt(state: string): string | undefined {
  const { deployment } = JSON.parse(state) as {
    deployment?: { secrets_providers?: { type?: string; state?: { salt?: string } } };
  };
  const { type, state: provider } = deployment?.secrets_providers ?? {};
  return type === "passphrase" ? provider?.salt : undefined;
}

/** Says which line is missing in a stack's settings file. */
export function createMissingSaltError(stack: string, salt: string): UserError {
  return new UserError(
    `Pulumi.${stack}.yaml has no encryptionsalt, so a wrong passphrase would not be noticed`,
    [
      `Add this line to it, and commit the file:  encryptionsalt: ${salt}`,
      "Without it, pulumi up with a wrong passphrase loses the secrets in the state.",
    ],
  );
}
