import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Agent, fetch } from "undici";
import type { Twin } from "../../../twin/index";

export interface ShownPage {
  status: number;
  /** Address of the page, or of the application's callback. */
  url: string;
  html: string;
}

/**
 * A browser: keeps cookies by host, name and path, follows redirects within the twin, and resolves `*.localhost` to this
 * machine.
 */
export class Browser {
  private readonly agent: Agent;
  /** The browser's cookies, which a test may restore. */
  cookies: { host: string; name: string; value: string; path: string }[] = [];
  /** Intercepts the target of every redirect and may change it, as a user can. */
  intercept = (url: URL): URL => url;
  private at = "";

  constructor(private readonly twin: Twin) {
    this.agent = new Agent({
      connect: {
        ca: readFileSync(twin.caFile),
        lookup: (_name, _options, found) => found(null, [{ address: "127.0.0.1", family: 4 }]),
      },
    });
  }

  async go(url: string, form?: Record<string, string>): Promise<ShownPage> {
    let target = new URL(url, this.at || this.twin.microsoftUrl);
    let body = form && new URLSearchParams(form).toString();
    for (;;) {
      if (!this.isTwins(target)) return { status: 302, url: target.href, html: "" };
      const { hostname, pathname } = target;
      const cookie = this.cookies
        .filter(({ host }) => host === hostname)
        .filter(({ path }) => pathname === path || pathname.startsWith(path.replace(/\/?$/, "/")))
        .map(({ name, value }) => `${name}=${value}`)
        .join("; ");
      const response = await fetch(target, {
        method: body === undefined ? "GET" : "POST",
        redirect: "manual",
        dispatcher: this.agent,
        headers: {
          accept: "text/html",
          ...(cookie ? { cookie } : {}),
          ...(body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
        },
        ...(body === undefined ? {} : { body }),
      });
      for (const line of response.headers.getSetCookie()) this.keep(hostname, line);
      const html = await response.text();
      const location = response.headers.get("location");
      this.at = target.href;
      if (!location) return { status: response.status, url: target.href, html };
      target = this.intercept(new URL(location, target));
      body = undefined;
    }
  }

  /** Submits a form of the current page. */
  submit(fields: Record<string, string>): Promise<ShownPage> {
    return this.go(this.at, fields);
  }

  /** Picks an account, enters its password and approves the request on the phone. */
  async signIn({ id: user, password }: { id: string; password?: string }): Promise<ShownPage> {
    const picked = await this.submit({ user });
    const shown = password === undefined ? picked : await this.submit({ user, password });
    const asked = shown.html.includes("Approve sign in request");
    return asked ? this.submit({ user, second_factor: "approve" }) : shown;
  }

  private isTwins({ origin, hostname, port }: URL): boolean {
    const { microsoftUrl, browserUrl } = this.twin;
    return origin === microsoftUrl || (hostname.endsWith("localhost") && port === new URL(browserUrl).port);
  }

  private keep(host: string, line: string): void {
    const [pair = "", ...attributes] = line.split("; ");
    const [name = "", value = ""] = pair.split("=");
    const attribute = (wanted: string) =>
      attributes.find((a) => a.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
    const path = attribute("path") ?? "/";
    this.cookies = this.cookies.filter(
      (cookie) => cookie.host !== host || cookie.name !== name || cookie.path !== path,
    );
    if (value !== "" && attribute("max-age") !== "0") this.cookies.push({ host, name, value, path });
  }

  close(): Promise<void> {
    return this.agent.close();
  }
}

/** Creates a code verifier and its challenge. */
export function createPkce() {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}
