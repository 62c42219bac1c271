import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";

/** A page that was reached. */
export interface LoadedPage {
  status: number;
  url: string;
  html: string;
}

const MOST_REDIRECTS = 20;

/** A person without a browser, on pages of this machine: keeps cookies by host, follows redirects, sends forms. */
export class CookieClient {
  private readonly cookies = new Map<string, Map<string, string>>();
  private at = "";

  /** @param url plain HTTP on `localhost` or a name below it, which the system need not know */
  open(url: string): Promise<LoadedPage> {
    return this.follow(new URL(url));
  }

  /** Sends a form to the page that was reached last. */
  submit(fields: Record<string, string>): Promise<LoadedPage> {
    return this.follow(new URL(this.at), new URLSearchParams(fields).toString());
  }

  private async follow(url: URL, form?: string): Promise<LoadedPage> {
    for (let redirects = 0; redirects < MOST_REDIRECTS; redirects++) {
      const answer = await this.send(url, redirects === 0 ? form : undefined);
      const html = await text(answer);
      this.keep(url, answer.headers["set-cookie"] ?? []);
      this.at = url.href;
      const { location } = answer.headers;
      if (!location) return { status: answer.statusCode ?? 0, url: url.href, html };
      url = new URL(location, url);
    }
    throw new Error(`more than ${MOST_REDIRECTS} redirects, the last to ${url.origin}`);
  }

  private send(url: URL, form: string | undefined): Promise<IncomingMessage> {
    if (!/^http:\/\/([^/]+\.)?localhost:/.test(url.href))
      throw new Error(`${url.origin} is not on this machine`);
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

  private keep({ hostname }: URL, lines: string[]): void {
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
