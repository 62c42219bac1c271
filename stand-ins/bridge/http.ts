/**
 * HTTP exchanges with retries and a replaceable clock. They use `node:http` instead of `fetch` to trust SSL_CERT_FILE as
 * well as NODE_EXTRA_CA_CERTS, so that the same environment works for the Go plugins.
 */
import { existsSync, readFileSync } from "node:fs";
import { Agent, type IncomingHttpHeaders, request as plainRequest } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { createSecureContext, type SecureContext } from "node:tls";

export interface HttpExchange {
  method: string;
  url: string;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
}
export interface HttpAnswer {
  status: number;
  /** Reason phrase of the status line: "Forbidden". */
  reason: string;
  headers: IncomingHttpHeaders;
  text: string;
}

/** The network and clock of a stand-in, which tests replace. */
export interface HttpWire {
  send(exchange: HttpExchange): Promise<HttpAnswer>;
  wait(milliseconds: number): Promise<unknown>;
}

/**
 * Creates the network of an environment, from SSL_CERT_FILE, NODE_EXTRA_CA_CERTS and STAND_IN_PATIENCE_MS.
 *
 * @param connections default: one for each call, like the real azuread plugin, so that nothing remains open when the engine
 * ends the process
 */
export function createNetwork(env: NodeJS.ProcessEnv, connections?: Connections): HttpWire {
  const agents = connections ?? ({ plain: false, tls: false } as const);
  return { send: (exchange) => send(exchange, env, agents), wait: (milliseconds) => delay(milliseconds) };
}

/** Connections that several calls use. */
export interface Connections {
  readonly plain: Agent;
  readonly tls: TlsAgent;
}

/** They end before a server of Node.js ends them, after five seconds, which would break a call that begins just then. */
export function createConnections(): Connections {
  const options = { keepAlive: true, timeout: 1000 };
  return { plain: new Agent(options), tls: new TlsAgent(options) };
}

export const defaultNetwork: HttpWire = createNetwork(process.env);

/** Refuses addresses of other machines, so that no secret leaves this one by mistake. */
export function refuseRemote(url: string, setting: string): string | undefined {
  const host = URL.canParse(url) ? new URL(url).hostname : "";
  if (["localhost", "127.0.0.1", "[::1]"].includes(host)) return undefined;
  return `${setting} must be an address of this machine for the stand-in plugin; found ${url ? `"${url}"` : "nothing"}`;
}

function send(
  exchange: HttpExchange,
  env: NodeJS.ProcessEnv,
  agents: { plain: Agent | false; tls: TlsAgent | false },
): Promise<HttpAnswer> {
  const url = new URL(exchange.url);
  const secure = url.protocol === "https:";
  const headers = {
    ...exchange.headers,
    ...(exchange.body && { "content-length": Buffer.byteLength(exchange.body) }),
  };
  const options = {
    method: exchange.method,
    headers,
    agent: secure ? agents.tls : agents.plain,
    ...(secure && { secureContext: getSecureContext(env) }),
    ...(exchange.signal && { signal: exchange.signal }),
  };
  return new Promise((resolve, reject) => {
    const call = (secure ? tlsRequest : plainRequest)(url, options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          reason: response.statusMessage ?? "",
          headers: response.headers,
          text,
        }),
      );
    });
    call.on("error", reject);
    // Not the socket's timeout, which is that of unused connections until it is connected.
    const patience = setTimeout(() => {
      call.destroy(new Error(`${exchange.method} "${exchange.url}": context deadline exceeded`));
    }, getPatience(env));
    call.on("close", () => clearTimeout(patience));
    call.end(exchange.body);
  });
}

/** Returns the timeout in milliseconds: five minutes, the minimum of the real azuread plugin, or less in tests. */
function getPatience(env: NodeJS.ProcessEnv): number {
  return Number(env.STAND_IN_PATIENCE_MS ?? 5 * 60 * 1000);
}

/** Cache by certificate files, since reading those takes longer than a call. */
const contexts = new Map<string, SecureContext>();

/** Returns the trusted authorities of the environment; undefined for Node.js's own. */
function getSecureContext(env: NodeJS.ProcessEnv): SecureContext | undefined {
  const files = [env.SSL_CERT_FILE, env.NODE_EXTRA_CA_CERTS].filter((file) => file && existsSync(file));
  if (files.length === 0) return undefined;
  const cached = contexts.get(files.join());
  const context = cached ?? createSecureContext({ ca: files.map((file) => readFileSync(String(file))) });
  contexts.set(files.join(), context);
  return context;
}

export interface RetryPolicy {
  /** Maximum number of retries. */
  limit: number;
  shouldRetry(answer: HttpAnswer): boolean;
}

/**
 * Sends a request with retries. Retry-After (seconds) is honored; without it the waits are 0.1, 0.2, 0.4 ... s, a tenth
 * of those of the real plugins.
 */
export async function sendWithRetries(
  wire: HttpWire,
  exchange: HttpExchange,
  retries: RetryPolicy,
): Promise<HttpAnswer> {
  for (let attempt = 0; ; attempt++) {
    const answer = await wire.send(exchange);
    if (attempt >= retries.limit || !retries.shouldRetry(answer)) return answer;
    const retryAfter = Number(answer.headers["retry-after"]);
    await wire.wait(retryAfter > 0 ? retryAfter * 1000 : Math.min(100 * 2 ** attempt, 3_000));
  }
}
