import { createHash } from "node:crypto";
import { generate } from "selfsigned";
import type { Account } from "../../store/cloudflare/account";
import { createSigningKey, type SigningKey } from "../../store/store";

/** The key with which Access signs the tokens of one account, and its certificate in PEM. */
export interface TeamKey extends SigningKey {
  cert: string;
}

const DAY = 24 * 3600 * 1000;

/** The keys of all accounts, created on first use; they survive a reset, like Entra's. */
export class TeamKeys {
  private readonly keys = new Map<string, Promise<TeamKey>>();

  get({ id, organization }: Account): Promise<TeamKey> {
    const key = this.keys.get(id) ?? createTeamKey(organization.authDomain);
    this.keys.set(id, key);
    return key;
  }
}

async function createTeamKey(authDomain: string): Promise<TeamKey> {
  const key = await createSigningKey();
  const pem = {
    privateKey: key.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKey: key.publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
  const { cert } = await generate([{ name: "commonName", value: authDomain }], {
    keyPair: pem,
    algorithm: "sha256",
    notBeforeDate: new Date(Date.now() - DAY),
    notAfterDate: new Date(Date.now() + 365 * DAY),
  });
  return { ...key, kid: createHash("sha256").update(pem.publicKey).digest("hex"), cert };
}

/**
 * Formats the answer of `/cdn-cgi/access/certs`. The twin never rotates this key, so there is one.
 *
 * https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/validating-json/
 */
export function formatCerts({ kid, publicKey, cert }: TeamKey): object {
  const { e, n } = publicKey.export({ format: "jwk" });
  return {
    keys: [{ kid, kty: "RSA", alg: "RS256", use: "sig", e, n }],
    public_cert: { kid, cert },
    public_certs: [{ kid, cert }],
  };
}
