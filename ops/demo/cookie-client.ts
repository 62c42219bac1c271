import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";

/** A page after all redirects. */
export interface LoadedPage {
  status: number;
  url: string;
  html: string;
}

const MOST_REDIRECTS = 20;

/** A minimal browser for pages on this machine: keeps cookies by host, follows redirects, submits forms. */
export class CookieClient {
  private readonly cookies = new Map<string, Map<string, string>>();
  private currentUrl = "";

  /** @param url plain HTTP on `localhost` or a subdomain, which need not resolve */
  open(url: string): Promise<LoadedPage> {
    return this.follow(new URL(url));
  }

  submit(fields: Record<string, string>): Promise<LoadedPage> {
    return this.follow(new URL(this.currentUrl), new URLSearchParams(fields).toString());
  }

  private async follow(url: URL, form?: string): Promise<LoadedPage> {
    for (let redirects = 0; redirects < MOST_REDIRECTS; redirects++) {
      const response = await this.send(url, redirects === 0 ? form : undefined);
      const html = await text(response);
      this.storeCookies(url, response.headers["set-cookie"] ?? []);
      this.currentUrl = url.href;
      const { location } = response.headers;
      if (!location) return { status: response.statusCode ?? 0, url: url.href, html };
      url = new URL(location, url);
    }
    throw new Error(`more than ${MOST_REDIRECTS} redirects, the last to ${url.origin}`);
  }

  private send(url: URL, form: string | undefined): Promise<IncomingMessage> {
    if (!/^http:\/\/([^/]+\.)?localhost:/.test(url.href))
      throw new Error(`the page must be on this machine; found ${url.origin}`);
    const cookie = [...(this.cookies.get(url.hostname) ?? [])].map((pair) => pair.join("=")).join("; ");
    const headers = {
      host: url.host,
      accept: "text/html",
      ...(cookie ? { cookie } : {}),
      ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
    };
    const { port, pathname, search } = url;
    const method = form === undefined ? "GET" : "POST";
    return new Promise((resolve, reject) => {
      request({ host: "127.0.0.1", port, path: pathname + search, method, headers, agent: false }, resolve)
        .on("error", reject)
        .end(form);
    });
  }

  private storeCookies({ hostname }: URL, lines: string[]): void {
    const jar = this.cookies.get(hostname) ?? new Map<string, string>();
    this.cookies.set(hostname, jar);
    for (const line of lines) {
      const pair = line.split(";")[0] ?? "";
      const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
      if (value === "" || /; max-age=0(;|$)/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
  }
}
