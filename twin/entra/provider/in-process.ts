import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Provider } from "oidc-provider";

/** A request to an oidc-provider, with the path below the tenant. */
export interface ProviderRequest {
  method: string;
  /** True for HTTPS. Browsers use plain HTTP here, which cookies and redirects must match. */
  encrypted: boolean;
  /** Path of the tenant, `/{id}`: the prefix of the provider's addresses. */
  mount: string;
  /** Path and query below {@link mount}. */
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** The answer of a provider, and the error behind it if any. */
export interface ProviderReply {
  response: Response;
  error?: Error;
}

/** Errors that the provider's listeners recorded, by response. */
const errors = new WeakMap<ServerResponse, Error>();

/** Records the reason why a request failed. */
export function recordFailure(response: ServerResponse, error: Error): void {
  if (!errors.has(response)) errors.set(response, error);
}

/**
 * Sends a request to an oidc-provider in process, so that requests can be validated and answers translated to Entra's
 * form, and the log of requests has the final status.
 */
export async function requestProvider(provider: Provider, request: ProviderRequest): Promise<ProviderReply> {
  const incoming = new IncomingMessage(Object.assign(new Socket(), { encrypted: request.encrypted }));
  Object.assign(incoming, {
    method: request.method,
    url: request.path,
    originalUrl: request.mount + request.path,
    headers: {
      ...request.headers,
      ...(request.body === undefined ? {} : { "content-length": String(Buffer.byteLength(request.body)) }),
    },
  });
  if (request.body !== undefined) incoming.push(request.body);
  incoming.push(null);
  const outgoing = new ServerResponse(incoming);
  const chunks: Buffer[] = [];
  outgoing.end = ((chunk?: string | Buffer) => {
    if (chunk !== undefined && chunk !== null) chunks.push(Buffer.from(chunk as string));
    return outgoing;
  }) as typeof outgoing.end;
  await provider.callback()(incoming, outgoing);

  const headers = new Headers();
  for (const [name, value] of Object.entries(outgoing.getHeaders())) {
    if (name === "content-length") continue;
    for (const one of Array.isArray(value) ? value : [value]) headers.append(name, String(one));
  }
  const body = chunks.length > 0 ? Buffer.concat(chunks).toString() : null;
  const error = errors.get(outgoing);
  return { response: new Response(body, { status: outgoing.statusCode, headers }), ...(error && { error }) };
}
