import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Provider } from "oidc-provider";

/** A request for a provider, with the path below the tenant. */
export interface ProviderRequest {
  method: string;
  /** Whether it came over HTTPS; a browser comes over plain HTTP, and its cookies and redirects have to fit that. */
  encrypted: boolean;
  /** Path of the tenant, `/{id}`: what the provider's own addresses begin with. */
  mount: string;
  /** Path and query below {@link mount}. */
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** What a provider answered, and the error behind it where there was one. */
export interface ProviderReply {
  response: Response;
  error?: Error;
}

/** Where {@link ask} finds the error that the provider's listeners left on its response. */
const errors = new WeakMap<ServerResponse, Error>();

/** Notes why a request failed. */
export function failed(response: ServerResponse, error: Error): void {
  if (!errors.has(response)) errors.set(response, error);
}

/**
 * Asks an oidc-provider without a connection of its own, so that what goes in and comes out can be judged and put
 * into Entra's form, and the log of requests sees the status.
 */
export async function ask(provider: Provider, request: ProviderRequest): Promise<ProviderReply> {
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
