import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate } from "selfsigned";

const DAY = 24 * 60 * 60 * 1000;

/** The key pair the HTTPS listener serves, and the certificate clients have to trust. */
export interface ServerCertificate {
  /** Private key of the leaf, PEM. */
  key: string;
  /** Leaf for `localhost` and `127.0.0.1`, PEM. */
  cert: string;
  /** Absolute path of the certificate authority's PEM. */
  caFile: string;
}

/**
 * Issues a leaf certificate under the certificate authority in `directory` (`ca.pem`, `ca-key.pem`), which is created
 * when missing, unreadable or about to expire.
 *
 * @param directory absolute path; created when missing
 */
export async function issueServerCertificate(directory: string): Promise<ServerCertificate> {
  mkdirSync(directory, { recursive: true });
  const caFile = join(directory, "ca.pem");
  const keyFile = join(directory, "ca-key.pem");
  let authority = readAuthority(caFile, keyFile);
  if (!authority) {
    authority = await createAuthority();
    replaceFile(keyFile, authority.key);
    replaceFile(caFile, authority.cert);
  }
  const leaf = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate: new Date(Date.now() - DAY),
    notAfterDate: new Date(Date.now() + 30 * DAY),
    ca: authority,
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  return { key: leaf.private, cert: leaf.cert, caFile };
}

async function createAuthority(): Promise<{ key: string; cert: string }> {
  const authority = await generate([{ name: "commonName", value: "entra-access twin" }], {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate: new Date(Date.now() - DAY),
    notAfterDate: new Date(Date.now() + 365 * DAY),
    extensions: [
      // Path length 0: a leaked key cannot create further authorities.
      { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { key: authority.private, cert: authority.cert };
}

function readAuthority(caFile: string, keyFile: string): { key: string; cert: string } | undefined {
  if (!existsSync(caFile) || !existsSync(keyFile)) return undefined;
  try {
    const pair = { key: readFileSync(keyFile, "utf8"), cert: readFileSync(caFile, "utf8") };
    const certificate = new X509Certificate(pair.cert);
    const lasts = Date.parse(certificate.validTo) > Date.now() + 31 * DAY;
    return lasts && certificate.checkPrivateKey(createPrivateKey(pair.key)) ? pair : undefined;
  } catch {
    return undefined; // Truncated or edited: a new authority replaces it.
  }
}

/** Replaces a file atomically, so that no reader sees half a certificate; readable by the owner only. */
function replaceFile(file: string, text: string): void {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, file);
}
