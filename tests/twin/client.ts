import { readFileSync } from "node:fs";
import { Agent, fetch } from "undici";
import type { PrincipalSeed, Twin } from "../../twin/index";

export interface Reply {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects of a body.
  body: any;
}

/** Calls the twin's HTTPS origin, trusting its certificate authority and nothing else. */
export class TwinClient {
  private readonly agent: Agent;

  constructor(readonly twin: Twin) {
    this.agent = new Agent({ connect: { ca: readFileSync(twin.caFile) } });
  }

  async send(
    method: string,
    path: string,
    options: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Reply> {
    const url = path.startsWith("/client/v4")
      ? this.twin.cloudflareUrl + path.slice("/client/v4".length)
      : this.twin.microsoftUrl + path;
    const { body } = options;
    const response = await fetch(url, {
      method,
      headers: {
        ...(typeof body === "string" ? {} : { "content-type": "application/json" }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      dispatcher: this.agent,
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  }

  /** Requests a token; fields can be overridden, or omitted with undefined. */
  token(tenantId: string, fields: Record<string, string | undefined>): Promise<Reply> {
    const all = { grant_type: "client_credentials", scope: `${this.twin.microsoftUrl}/.default`, ...fields };
    const given = Object.entries(all).filter((field): field is [string, string] => field[1] !== undefined);
    return this.send("POST", `/${tenantId}/oauth2/v2.0/token`, {
      body: new URLSearchParams(given).toString(),
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
  }

  /** Calls Microsoft Graph as a principal of the seed. */
  async graphAs(tenantId: string, principal: PrincipalSeed): Promise<SendCall> {
    const { body } = await this.token(tenantId, {
      client_id: principal.appId,
      client_secret: principal.secret,
    });
    return (method, path, sent) =>
      this.send(method, path, {
        ...(sent === undefined ? {} : { body: sent }),
        headers: { authorization: `Bearer ${body.access_token}` },
      });
  }

  /** Calls API v4 with a token, below `/accounts/{id}/access`. */
  accessAs(accountId: string, token: string): SendCall {
    const call = this.accountAs(accountId, token);
    return (method, path, sent) => call(method, `/access${path}`, sent);
  }

  /** Calls API v4 with a token, below `/accounts/{id}`. */
  accountAs(accountId: string, token: string): SendCall {
    return (method, path, sent) =>
      this.send(method, `/client/v4/accounts/${accountId}${path}`, {
        ...(sent === undefined ? {} : { body: sent }),
        headers: { authorization: `Bearer ${token}` },
      });
  }

  close(): Promise<void> {
    return this.agent.close();
  }
}

export type SendCall = (method: string, path: string, body?: unknown) => Promise<Reply>;
