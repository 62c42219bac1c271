import { readFileSync } from "node:fs";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { type Dispatcher, EnvHttpProxyAgent, interceptors } from "undici";

/** Hosts that are never reached through a proxy; the providers, which are Go programs, make the same exception. */
const LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/**
 * A server may close a connection at the moment at which a request uses it again. What only reads is then sent once more;
 * answers are left to the caller.
 */
const RETRIES = {
  maxRetries: 2,
  minTimeout: 100,
  methods: ["GET", "HEAD"] as Dispatcher.HttpMethod[],
  statusCodes: [],
  errorCodes: ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"],
};

/**
 * Creates an agent that uses the proxy in HTTPS_PROXY, except for the hosts in NO_PROXY.
 *
 * @param authority PEM file of certificate authorities to trust in addition to those of Node.js
 */
export function createProxyAgent(
  env: Readonly<Record<string, string | undefined>>,
  authority: string | undefined,
): Dispatcher {
  const getSetting = (name: string) => env[name.toLowerCase()] || env[name] || "";
  const noProxy = getSetting("NO_PROXY");
  const tls = authority ? { secureContext: getSecureContext(readFileSync(authority, "utf8")) } : {};
  const agent = new EnvHttpProxyAgent({
    httpProxy: getSetting("HTTP_PROXY"),
    httpsProxy: getSetting("HTTPS_PROXY"),
    noProxy: noProxy === "*" ? noProxy : [noProxy, ...LOCAL_HOSTS].join(","),
    connect: tls,
    requestTls: tls,
  });
  return agent.compose(interceptors.retry(RETRIES));
}

/** Contexts by additional authorities: parsing the 150 authorities of Node.js takes longer than a request. */
const contexts = new Map<string, SecureContext>();

function getSecureContext(authorities: string): SecureContext {
  const known = contexts.get(authorities);
  const context = known ?? createSecureContext({ ca: [...rootCertificates, authorities] });
  contexts.set(authorities, context);
  return context;
}
