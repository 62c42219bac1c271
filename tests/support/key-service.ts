import { json } from "node:stream/consumers";
import { startHttpServer } from "./http-server";

/** The data key of all stacks that tests create, as the key service encrypted it: 32 bytes. */
const ENCRYPTED_KEY = `vault:v1:${Buffer.from("The tests need no key of their own").subarray(0, 32).toString("base64")}`;

/** The secrets provider of those stacks. */
export const SECRETS_PROVIDER = {
  url: "hashivault://entra-access",
  encryptedkey: Buffer.from(ENCRYPTED_KEY).toString("base64"),
};

/** A key service on loopback. */
export interface KeyService {
  /** Environment with which the engine finds it. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * Starts a key service that decrypts the data key of {@link SECRETS_PROVIDER} as HashiCorp Vault's transit engine does
 * (https://developer.hashicorp.com/vault/api-docs/secret/transit#decrypt-data). With a passphrase, each run of the engine
 * would take 0.2 s more of processor time to derive a key.
 */
export async function startKeyService(): Promise<KeyService> {
  const { url, close } = await startHttpServer(async (request, response) => {
    const { ciphertext } = (await json(request)) as { ciphertext?: string };
    const plaintext = ciphertext === ENCRYPTED_KEY && ciphertext.split(":").at(-1);
    if (!plaintext || request.url !== "/v1/transit/decrypt/entra-access") response.statusCode = 400;
    response.end(JSON.stringify(plaintext ? { data: { plaintext } } : { errors: ["unknown key"] }));
  });
  return { env: { VAULT_ADDR: url, VAULT_TOKEN: "test" }, close };
}
