import { readFileSync } from "node:fs";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { type Dispatcher, EnvHttpProxyAgent } from "undici";

/** As the providers, which are Go programs, have it: what runs on this machine is never asked through a proxy. */
const HERE = ["localhost", "127.0.0.1", "[::1]"];

/**
 * How this machine reaches other hosts: through the proxy that HTTPS_PROXY names, but for the hosts of NO_PROXY.
 *
 * @param authority PEM file of certificate authorities to trust beside those that Node.js trusts
 */
export function proxyAgent(
  env: Readonly<Record<string, string | undefined>>,
  authority: string | undefined,
): Dispatcher {
  const setting = (name: string) => env[name.toLowerCase()] || env[name] || "";
  const none = setting("NO_PROXY");
  const trust = authority ? { secureContext: trusting(readFileSync(authority, "utf8")) } : {};
  return new EnvHttpProxyAgent({
    httpProxy: setting("HTTP_PROXY"),
    httpsProxy: setting("HTTPS_PROXY"),
    noProxy: none === "*" ? none : [none, ...HERE].join(","),
    connect: trust,
    requestTls: trust,
  });
}

/** By the authorities beside those of Node.js: reading all 150 of these takes longer than a request. */
const contexts = new Map<string, SecureContext>();

function trusting(authorities: string): SecureContext {
  const known = contexts.get(authorities);
  const context = known ?? createSecureContext({ ca: [...rootCertificates, authorities] });
  contexts.set(authorities, context);
  return context;
}
