/**
 * One HTTP exchange, and retries with a clock that a test can replace. `node:http` rather than `fetch`: the CA comes
 * from SSL_CERT_FILE as well as NODE_EXTRA_CA_CERTS, so that one environment serves the Go plugins and these.
 */
import { existsSync, readFileSync } from "node:fs";
import { type IncomingHttpHeaders, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { createSecureContext, type SecureContext } from "node:tls";

export interface Exchange {
  method: string;
  url: string;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
}
export interface Answer {
  status: number;
  /** As in the status line: "Forbidden". */
  reason: string;
  headers: IncomingHttpHeaders;
  text: string;
}

/** How a stand-in reaches its service, and how it waits (milliseconds); tests put faults and a fast clock here. */
export interface Wire {
  send(exchange: Exchange): Promise<Answer>;
  wait(milliseconds: number): Promise<unknown>;
}

/** The network as a program of this environment sees it; read are SSL_CERT_FILE, NODE_EXTRA_CA_CERTS, STAND_IN_PATIENCE_MS. */
export function networkIn(env: NodeJS.ProcessEnv): Wire {
  return { send: (exchange) => send(exchange, env), wait: (milliseconds) => delay(milliseconds) };
}
export const network: Wire = networkIn(process.env);

/** These programs stand in for the real plugins on this machine alone: a secret must not leave it by mistake. */
export function refuseRemote(url: string, setting: string): string | undefined {
  const host = URL.canParse(url) ? new URL(url).hostname : "";
  if (["localhost", "127.0.0.1", "[::1]"].includes(host)) return undefined;
  return `the stand-in plugin only talks to this machine, and ${setting} is ${url ? `"${url}"` : "not set"}`;
}

function send(exchange: Exchange, env: NodeJS.ProcessEnv): Promise<Answer> {
  const url = new URL(exchange.url);
  const secure = url.protocol === "https:";
  const headers = {
    ...exchange.headers,
    ...(exchange.body && { "content-length": Buffer.byteLength(exchange.body) }),
  };
  // Like the real plugins towards Microsoft, a connection per call: nothing lingers when the engine ends the process.
  const options = {
    method: exchange.method,
    headers,
    agent: false as const,
    ...(secure && { secureContext: trusted(env) }),
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
    call.setTimeout(patience(env), () =>
      call.destroy(new Error(`${exchange.method} "${exchange.url}": context deadline exceeded`)),
    );
    call.end(exchange.body);
  });
}

/** Milliseconds without an answer: the five minutes that the real azuread plugin has at least, or fewer for tests. */
function patience(env: NodeJS.ProcessEnv): number {
  return Number(env.STAND_IN_PATIENCE_MS ?? 5 * 60 * 1000);
}

/** By the files of their authorities: reading those takes longer than a call. */
const contexts = new Map<string, SecureContext>();

/** The authorities that the environment names in place of Node.js's own; undefined where it names none. */
function trusted(env: NodeJS.ProcessEnv): SecureContext | undefined {
  const files = [env.SSL_CERT_FILE, env.NODE_EXTRA_CA_CERTS].filter((file) => file && existsSync(file));
  if (files.length === 0) return undefined;
  const known = contexts.get(files.join());
  const context = known ?? createSecureContext({ ca: files.map((file) => readFileSync(String(file))) });
  contexts.set(files.join(), context);
  return context;
}

export interface Retries {
  /** How often after the first try. */
  limit: number;
  again(answer: Answer): boolean;
}

/**
 * Sends until the answer is not one to try again. Retry-After (seconds) is honoured; without it the waits are 0.1, 0.2,
 * 0.4 ... s, where the real plugins wait as many whole seconds.
 */
export async function sendWithRetries(wire: Wire, exchange: Exchange, retries: Retries): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    const answer = await wire.send(exchange);
    if (attempt >= retries.limit || !retries.again(answer)) return answer;
    const asked = Number(answer.headers["retry-after"]);
    await wire.wait(asked > 0 ? asked * 1000 : Math.min(100 * 2 ** attempt, 3_000));
  }
}
