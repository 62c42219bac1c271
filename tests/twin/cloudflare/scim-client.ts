import { Agent, fetch } from "undici";
import type { Twin } from "../../../twin/index";
import type { Reply } from "../client";

export interface ScimClient {
  (method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Reply>;
  baseUrl: string;
  /** Sends the same token to another address. */
  at(baseUrl: string): ScimClient;
}

/** Sends requests to the SCIM endpoint of an identity provider, as its settings name it. */
export function createScimClient(twin: Twin, baseUrl: string, token: string): ScimClient {
  const connect = {
    lookup: (_name: string, _options: object, found: (error: null, addresses: object[]) => void) =>
      found(null, [{ address: "127.0.0.1", family: 4 }]),
  };
  const send = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const dispatcher = new Agent({ connect } as Agent.Options);
    const response = await fetch(twin.browserUrlOf(baseUrl + path), {
      method,
      dispatcher,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/scim+json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    await dispatcher.close();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  };
  return Object.assign(send, { baseUrl, at: (other: string) => createScimClient(twin, other, token) });
}
