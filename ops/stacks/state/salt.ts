import type { Deployment } from "@pulumi/pulumi/automation";
import { UserError } from "../../errors";

/**
 * Reads the salt that verifies a passphrase. Pulumi keeps it in the state and in Pulumi.<stack>.yaml. Where the file lacks
 * it, Pulumi accepts any passphrase, and `up` with a wrong one replaces every secret in the state by null (seen with
 * 3.232.0; tests/state).
 *
 * @returns undefined when the secrets are not encrypted with a passphrase
 */
export function readSalt({ deployment }: Deployment): string | undefined {
  const { secrets_providers } = (deployment ?? {}) as {
    secrets_providers?: { type?: string; state?: { salt?: string } };
  };
  const { type, state: provider } = secrets_providers ?? {};
  return type === "passphrase" ? provider?.salt : undefined;
}

export function createMissingSaltError(stack: string, salt: string): UserError {
  return new UserError(
    `Pulumi.${stack}.yaml must have an encryptionsalt; without it a wrong passphrase goes unnoticed`,
    [
      `Add this line and commit the file:  encryptionsalt: ${salt}`,
      "Otherwise pulumi up with a wrong passphrase destroys the secrets in the state.",
    ],
  );
}
