import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A server on a free port of loopback. */
export interface HttpServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts a server. It never closes a connection that is kept open, because a client on a busy machine may use it at that
 * moment, and its request would fail.
 */
export async function startHttpServer(answer: RequestListener): Promise<HttpServer> {
  const server = createServer({ keepAliveTimeout: 0 }, answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
