import { fetch } from "undici";
import { type HttpServer, startHttpServer } from "./http-server";

/** A proxy between a plain-HTTP client and a local server, which its address replaces, that records the bodies of both. */
export interface Wiretap extends HttpServer {
  /** Bodies in order of arrival, requests and answers. */
  readonly bodies: readonly string[];
}

export async function startWiretap(server: string): Promise<Wiretap> {
  const bodies: string[] = [];
  const tap = await startHttpServer(async (request, response) => {
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
  return { ...tap, bodies };
}
