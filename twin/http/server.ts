import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import type { TwinEnv } from "./requests";

/** A listener on loopback. */
export interface Listener {
  port: number;
  /** Frees the port and drops idle connections. */
  close(): Promise<void>;
}

/**
 * Unused connections stay open, as long as those of the clouds at least: Node.js closes them after five seconds, also when
 * a client sends a request at that moment, which then fails.
 */
const SERVER_OPTIONS = { keepAliveTimeout: 0 };

/**
 * Serves an app on 127.0.0.1.
 *
 * @param port 0 for any free port
 * @param tls PEM key and certificate: HTTPS; absent: plain HTTP
 * @throws the system's error (`EADDRINUSE`, `EACCES`) when the port is not available
 */
export async function listen(
  app: Pick<Hono<TwinEnv>, "fetch">,
  port: number,
  tls?: { key: string; cert: string },
): Promise<Listener> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    ...(tls
      ? {
          createServer: createHttpsServer,
          serverOptions: { ...SERVER_OPTIONS, key: tls.key, cert: tls.cert },
        }
      : { createServer: createHttpServer, serverOptions: SERVER_OPTIONS }),
  }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
