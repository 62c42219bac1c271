import { Agent, fetch } from "undici";
import { toBrowserUrl } from "../http/names";
import type { SynchronizationSecret } from "../store/entra/synchronization";
import type { Store } from "../store/store";

/** The service cannot be used at all: address or secret are wrong, or there is no answer. */
export class ConnectionFailed extends Error {}

/** The service refused a single request, or has no time for it. */
export class ExportFailed extends Error {}

export interface ScimResponse {
  status: number;
  body: Record<string, unknown>;
}

/** Sends SCIM requests to the service that the credentials name, if it is one of the twin's. */
export class ScimClient {
  private readonly agent = new Agent({
    connect: {
      // The local names of team domains are those of this machine, as in a browser.
      lookup: (_name, _options, found) => found(null, [{ address: "127.0.0.1", family: 4 }]),
    },
  });
  private readonly address: string;
  private readonly token: string;

  constructor(
    private readonly store: Store,
    secrets: readonly SynchronizationSecret[],
  ) {
    const get = (key: string) => secrets.find((secret) => secret.key === key)?.value ?? "";
    this.address = get("BaseAddress").replace(/\/$/, "");
    this.token = get("SecretToken");
  }

  /** Asks for a user that does not exist, as Entra's test of a connection does. @throws as {@link find} does */
  async test(): Promise<void> {
    await this.find("Users", "userName", "00000000-0000-0000-0000-000000000000");
  }

  /**
   * Finds an object by the value of an attribute.
   *
   * @throws ExportFailed for an error that passes, ConnectionFailed for every other answer than a list
   */
  async find(
    kind: "Users" | "Groups",
    attribute: string,
    value: string,
  ): Promise<(Record<string, unknown> & { id: string }) | undefined> {
    const filter = encodeURIComponent(`${attribute} eq "${value}"`);
    const path = `/${kind}?${kind === "Groups" ? "excludedAttributes=members&" : ""}filter=${filter}`;
    const { status, body } = await this.call("GET", path);
    if (status === 429 || status >= 500) throw new ExportFailed(describe("GET", path, status));
    if (status !== 200 || !Array.isArray(body.Resources))
      throw new ConnectionFailed(describe("GET", path, status));
    return body.Resources[0];
  }

  /** @throws ExportFailed for a refusal, ConnectionFailed for a wrong secret or no answer */
  async send(method: "POST" | "PATCH" | "DELETE", path: string, body?: object): Promise<ScimResponse> {
    const answer = await this.call(method, path, body);
    if (answer.status < 300 || (method === "DELETE" && answer.status === 404)) return answer;
    const detail = typeof answer.body.detail === "string" ? `: ${answer.body.detail}` : "";
    throw new ExportFailed(`${describe(method, path, answer.status)}${detail}`);
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  private async call(method: string, path: string, body?: object): Promise<ScimResponse> {
    const url = URL.canParse(this.address) ? toBrowserUrl(this.store, this.address + path) : this.address;
    if (!url.startsWith("http://")) throw new ConnectionFailed(`No answer from ${this.address}`);
    const response = await fetch(url, {
      method,
      dispatcher: this.agent,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/scim+json" },
      ...(body && { body: JSON.stringify(body) }),
    }).catch(() => {
      throw new ConnectionFailed(`No answer from ${this.address}`);
    });
    const text = await response.text();
    if ([401, 403].includes(response.status))
      throw new ConnectionFailed(describe(method, path, response.status));
    return { status: response.status, body: parseObject(text) };
  }
}

const describe = (method: string, path: string, status: number) =>
  `Operation: ${method} ${path.replace(/\?.*/, "")}, Response Status Code: ${status}`;

function parseObject(text: string): Record<string, unknown> {
  try {
    return { ...JSON.parse(text) };
  } catch {
    return {};
  }
}
