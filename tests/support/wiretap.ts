import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fetch } from "undici";

/** A proxy between a plain-HTTP client and a local server that records the bodies of both. */
export interface Wiretap {
  /** The address that replaces the server's for the client. */
  readonly url: string;
  /** Bodies in order of arrival, requests and answers. */
  readonly bodies: readonly string[];
  close(): Promise<void>;
}

export async function startWiretap(server: string): Promise<Wiretap> {
  const bodies: string[] = [];
  const tap = createServer(async (request, response) => {
    const chunks = await request.toArray();
    const sent = Buffer.concat(chunks).toString();
    const answer = await fetch(server + request.url, {
      method: request.method ?? "GET",
      headers: {
        authorization: request.headers.authorization ?? "",
        "content-type": request.headers["content-type"] ?? "application/json",
      },
      body: sent || null,
    });
    const got = await answer.text();
    bodies.push(sent, got);
    response.writeHead(answer.status, {
      "content-type": answer.headers.get("content-type") ?? "application/json",
    });
    response.end(got);
  });
  await new Promise<void>((listening) => {
    tap.listen(0, "127.0.0.1", listening);
  });
  return {
    url: `http://127.0.0.1:${(tap.address() as AddressInfo).port}`,
    bodies,
    close: () =>
      new Promise((closed) => {
        tap.close(() => closed());
        tap.closeAllConnections();
      }),
  };
}
